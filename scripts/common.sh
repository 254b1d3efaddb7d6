# Shared by the scripts: where things are, and building what is missing or stale. Source it.

root="$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)"
state="$root/.denseflow"
mkdir -p "$state"

# Native memory that one thread frees is used again by others: glibc's 8 arenas a core would each keep what a training once took.
export MALLOC_ARENA_MAX="${MALLOC_ARENA_MAX:-2}"

# Java names files in the locale's letters.
case "$(locale charmap 2>/dev/null)" in UTF-8) ;; *) export LC_ALL=C.UTF-8 ;; esac

# The instructions that the native library uses: avx2, or avx512 where every machine of a cluster has it.
simd="${DENSEFLOW_SIMD:-avx2}"

# Runs Maven quietly; shows the end of its output when it fails.
quiet_maven() {
  local log="$state/build.log"
  if ! (cd "$root" && mvn -B -q "-Dnd4j.simd=$simd" "$@") >"$log" 2>&1; then
    tail -40 "$log" >&2
    echo "The build failed; the whole log is in $log" >&2
    return 1
  fi
}

# The newest of the sources is newer than the given file, or the file is missing.
stale() {
  [ ! -e "$1" ] || [ -n "$(find "$root/pom.xml" "$root/conf" "$root"/{engine,schemas,jobs}/pom.xml \
    "$root"/{engine,schemas,jobs}/src/main -newer "$1" -type f -print -quit)" ]
}

# Something listens on a port of this machine.
is_taken() {
  (exec 3<>"/dev/tcp/127.0.0.1/$1") 2>/dev/null
}

# Runs a function while no other script of this checkout builds.
alone() {
  if command -v flock >/dev/null; then
    local status
    exec 9>"$state/lock"
    flock 9
    "$@"
    status=$?
    exec 9>&-
    return "$status"
  fi
  "$@"
}

# Builds the application jar and its lib/ directory.
build_application() { alone build_application_now; }

build_application_now() {
  local stamp="$state/application"
  if stale "$stamp" || [ "$(cat "$stamp")" != "$simd" ] || [ ! -e "$root/jobs/target/denseflow-jobs.jar" ]; then
    echo "Building DenseFlow ..." >&2
    rm -rf "$root/jobs/target/lib"
    quiet_maven package -DskipTests || return 1
    echo "$simd" >"$stamp"
  fi
}

# Builds the application and the benches, which are among the tests.
build_benches() {
  [ -z "$(find "$root/jobs/src/test/java/org/denseflow/jobs/bench" "$root/engine/src/test/java" -newer "$state/application" -print -quit 2>/dev/null)" ] ||
    rm -f "$state/application"
  build_application && ensure_spark
}

# bench_java JAVA-OPTION-OR-CLASS ...: runs a class of the benches.
bench_java() {
  local target="$root/jobs/target"
  java "-Dorg.bytedeco.javacpp.cachedir=$state/javacpp" "-Dlog4j2.configurationFile=file:$root/conf/log4j2.properties" \
    "-Ddenseflow.home=$root" \
    -cp "$target/denseflow-jobs.jar:$target/test-classes:$root/engine/target/test-classes:$target/lib/*:$target/bench/*:$SPARK_HOME/jars/*" \
    "$@"
}

# A Spark home: $SPARK_HOME, or one assembled from Maven jars.
ensure_spark() { alone ensure_spark_now; }

ensure_spark_now() {
  if [ -n "${SPARK_HOME:-}" ]; then
    return
  fi
  export SPARK_HOME="$state/spark-home"
  if [ ! -e "$SPARK_HOME/complete" ] || [ "$root/scripts/spark-home/pom.xml" -nt "$SPARK_HOME/complete" ]; then
    echo "Assembling Spark ..." >&2
    rm -rf "$SPARK_HOME"
    mkdir -p "$SPARK_HOME/jars" "$SPARK_HOME/bin"
    quiet_maven -f scripts/spark-home/pom.xml dependency:copy-dependencies -DincludeScope=runtime \
      "-DoutputDirectory=$SPARK_HOME/jars" || return 1
    cp "$root/scripts/spark-home/spark-class" "$root/scripts/spark-home/spark-submit" "$SPARK_HOME/bin/"
    touch "$SPARK_HOME/complete"
  fi
}

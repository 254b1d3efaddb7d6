# Shared by scripts/check-promises and scripts/check-faults: running a job, killing its processes, looking at what is left. Source it
# with $root, $work, $job, $table and the array options set.

master=spark://127.0.0.1:7077
started=()
broken=0

stop_cluster() { "$root/scripts/cluster-down" >/dev/null 2>&1; }

stop_s3() { "$root/scripts/s3-local" stop >/dev/null 2>&1; }

# Calls stop_NAME for each name in started.
stop_started() {
  local what
  for what in "${started[@]:-}"; do
    [ -n "$what" ] && "stop_$what"
  done
}
trap stop_started EXIT

start_cluster() {
  "$root/scripts/cluster-up" 2 || exit 1
  started+=(cluster)
}

start_s3() {
  case "$("$root/scripts/s3-local" start)" in
    *already*) ;;
    s3a*) started+=(s3) ;;
    *) exit 1 ;;
  esac
}

# run NAME LAUNCHER-OPTIONS... -- OUT [JOB-OPTIONS...]
run() {
  local name=$1; shift
  local launcher=()
  while [ "$1" != -- ]; do launcher+=("$1"); shift; done
  shift
  local out=$1; shift
  "$root/scripts/denseflow" "${launcher[@]}" "$job" "${options[@]}" --out "$out" "$@" >"$work/$name.log" 2>&1
}

committed() { find "$1/$table" -name _SUCCESS -o -name 'step-*.json' 2>/dev/null | wc -l; }

wait_for_chunks() {
  local out=$1 wanted=$2 pid=$3
  while kill -0 "$pid" 2>/dev/null && [ "$(committed "$out")" -lt "$wanted" ]; do sleep 0.2; done
}

driver_of() { pgrep -f "SparkSubmit.*--out $1( |$)" | head -1; }

executors() { pgrep -f "$root.*CoarseGrainedExecutorBackend"; }

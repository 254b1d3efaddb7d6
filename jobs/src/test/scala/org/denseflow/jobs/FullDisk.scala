package org.denseflow.jobs

import java.io.{IOException, OutputStream}
import java.net.URI
import org.apache.hadoop.fs.permission.FsPermission
import org.apache.hadoop.fs.{FSDataOutputStream, LocatedFileStatus, Path, RawLocalFileSystem, RemoteIterator}
import org.apache.hadoop.util.Progressable
import org.apache.hadoop.util.functional.RemoteIterators

/** The local file system under the scheme {@code fulldisk}: it refuses what exceeds its free bytes. */
class FullDisk extends RawLocalFileSystem {
  override def getScheme: String = "fulldisk"
  override def getUri: URI = URI.create("fulldisk:///")

  override def create(
      path: Path, permission: FsPermission, overwrite: Boolean, bufferSize: Int,
      replication: Short, blockSize: Long, progress: Progressable
  ): FSDataOutputStream = limited(super.create(path, overwrite, bufferSize, replication, blockSize, progress))

  override def create(
      path: Path, overwrite: Boolean, bufferSize: Int, replication: Short, blockSize: Long,
      progress: Progressable
  ): FSDataOutputStream = limited(super.create(path, overwrite, bufferSize, replication, blockSize, progress))

  /** Without permissions, which the local file system looks up for the scheme {@code file} only. */
  override def listLocatedStatus(folder: Path): RemoteIterator[LocatedFileStatus] =
    RemoteIterators.remoteIteratorFromArray(listStatus(folder).map { status =>
      new LocatedFileStatus(
        status.getLen, status.isDirectory, 1, status.getBlockSize, status.getModificationTime, 0, null, null, null, null,
        status.getPath, false, false, false, null
      )
    })

  private def limited(out: FSDataOutputStream): FSDataOutputStream =
    new FSDataOutputStream(
      new OutputStream {
        override def write(byte: Int): Unit = { take(1); out.write(byte) }
        override def write(bytes: Array[Byte], from: Int, length: Int): Unit = {
          take(length)
          out.write(bytes, from, length)
        }
        override def flush(): Unit = out.flush()
        override def close(): Unit = out.close()
      },
      null
    )

  private def take(bytes: Int): Unit =
    if (FullDisk.free.addAndGet(-bytes) < 0) throw new IOException("No space left on device")
}

object FullDisk {
  val free = new java.util.concurrent.atomic.AtomicLong(Long.MaxValue)
}

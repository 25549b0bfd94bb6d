internal import Glibc

/// The file operations of an upload store. Each call blocks, so make it on a thread of a pool.
///
/// A write is durable only after ``UploadFile/sync()``, and a new, renamed or removed name only after
/// ``syncFolder(_:)``. Tests replace the disk with a model that loses everything else.
package protocol UploadDisk: Sendable {
    /// Opens a file for reading and writing.
    ///
    /// - Parameter creates: Whether to create it. If so, it must not exist yet.
    func open(_ path: String, creates: Bool) throws(UploadDiskError) -> any UploadFile
    /// Creates a folder. It must not exist yet.
    func makeFolder(_ path: String) throws(UploadDiskError)
    /// Renames a file or folder on the same disk. The new name must not exist yet.
    func rename(_ path: String, to target: String) throws(UploadDiskError)
    /// Removes a file. Has no effect if there is none.
    func removeFile(_ path: String) throws(UploadDiskError)
    /// Removes an empty folder. Has no effect if there is none.
    func removeFolder(_ path: String) throws(UploadDiskError)
    /// Returns the names in a folder, in any order.
    func names(in folder: String) throws(UploadDiskError) -> [String]
    /// Makes the names in a folder durable.
    func syncFolder(_ path: String) throws(UploadDiskError)
}

/// An open file of an ``UploadDisk``. It is closed when its last reference is released.
package protocol UploadFile: AnyObject, Sendable {
    /// Writes all bytes at `offset`.
    func write(_ bytes: Span<UInt8>, at offset: Int64) throws(UploadDiskError)
    /// Reads up to `count` bytes at `offset`: fewer only at the end of the file.
    func read(_ count: Int, at offset: Int64) throws(UploadDiskError) -> [UInt8]
    /// The size in bytes.
    func size() throws(UploadDiskError) -> Int64
    /// Reserves space for `size` bytes without changing the file's size.
    func reserve(_ size: Int64) throws(UploadDiskError)
    /// Truncates or extends the file.
    func resize(to size: Int64) throws(UploadDiskError)
    /// Makes all writes durable.
    func sync() throws(UploadDiskError)
    /// Waits until no other process or open file holds the lock, and acquires it.
    func lock() throws(UploadDiskError)
    /// Releases the lock.
    func unlock()
}

/// An error that the file system reported.
package struct UploadDiskError: Error, Hashable, Sendable, CustomStringConvertible {
    /// The number of the error, such as `ENOSPC`.
    package let code: Int32
    /// The operation and the path.
    package let operation: String

    package init(_ code: Int32, _ operation: String) {
        self.code = code
        self.operation = operation
    }

    package var description: String { "\(operation): \(unsafe String(cString: strerror(code)))" }
}

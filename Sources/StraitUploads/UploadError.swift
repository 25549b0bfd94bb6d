internal import Glibc

/// An error of an upload. Its number tells a client what to do next: 100 to 199 wait, 200 to 299 attach again, 300 to
/// 399 start over, 400 and above give up.
public struct UploadError: Error, Hashable, Sendable, CustomStringConvertible {
    /// The kinds of errors, with their numbers in the protocol.
    public enum Code: Int, Hashable, Sendable, CaseIterable {
        /// There are too many uploads, or there is too little memory.
        case busy = 101
        /// A newer connection has taken over the upload.
        case staleEpoch = 200
        /// Bytes are missing before the offset that was sent.
        case gap = 202
        /// A slice does not match the digest that the client sent.
        case corrupt = 203
        /// The upload has expired or was aborted.
        case expired = 300
        /// The file is not the one with which the upload began.
        case sourceChanged = 301
        /// The upload's stored state cannot be read.
        case stateLost = 302
        /// The file is larger than allowed or declared.
        case tooLarge = 400
        /// The content's type is not allowed.
        case type = 401
        /// The user's quota does not allow the file.
        case quota = 402
        /// The upload does not exist, or belongs to another user.
        case forbidden = 403
        /// The user has too many unfinished uploads.
        case tooMany = 404
        /// The whole file does not match the digest that the client sent.
        case digest = 405
        /// A validator of the site rejected the file.
        case rejected = 406
        /// The disk is full.
        case noSpace = 408
        /// The disk is read-only or broken.
        case disk = 409
        /// A message does not follow the protocol.
        case invalid = 410
    }

    /// The kind of error.
    public let code: Code
    /// The offset that the next bytes must have, or the start of the corrupt slice.
    public let offset: Int64?
    /// The limit that was exceeded, in bytes or files.
    public let limit: Int64?
    /// The problem and what to do about it, for the person who uploads.
    public let description: String

    package init(_ code: Code, _ description: String, offset: Int64? = nil, limit: Int64? = nil) {
        self.code = code
        self.description = description
        self.offset = offset
        self.limit = limit
    }

    /// The next step of a client.
    public enum Retry: String, Hashable, Sendable {
        /// Wait, and send the same data again.
        case same
        /// Attach to the upload again, and continue at its offset.
        case attach
        /// Start the upload over.
        case restart
        /// Give up.
        case never
    }

    /// The next step of the client, which the number of the code determines.
    public var retry: Retry {
        switch code.rawValue / 100 {
        case 1: .same
        case 2: .attach
        case 3: .restart
        default: .never
        }
    }

    /// The error for a failed operation on the disk.
    static func disk(_ error: UploadDiskError) -> UploadError {
        switch error.code {
        case ENOSPC, EDQUOT:
            UploadError(.noSpace, "There is not enough space on the server's disk for this file. Try again later.")
        case EROFS:
            UploadError(.disk, "The server cannot write to its disk at the moment. Try again later.")
        default:
            UploadError(.disk, "The server's disk has failed. Try again later.")
        }
    }

    static let stale = UploadError(
        .staleEpoch, "The upload was continued in another window. Continue there, or start it again here.")
    static let damaged = UploadError(.stateLost, "The upload's state on the server is damaged. Start it again.")
    static let unknown = UploadError(
        .expired, "There is no such upload: it expired, was cancelled or is already complete. Start it again.")
}

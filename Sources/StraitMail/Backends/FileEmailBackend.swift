public import Foundation
internal import StraitCrypto

/// Writes messages to files; Django's `filebased` backend, for development and tests.
///
/// Each call to ``send(_:)`` writes one file. Its name begins with the time, so that the files sort by age.
public struct FileEmailBackend: EmailBackend {
    /// The folder, which is created if it does not exist; Django's `EMAIL_FILE_PATH`.
    public let folder: String
    private let now: @Sendable () -> Date

    /// Creates the backend.
    ///
    /// - Parameters:
    ///   - folder: The folder for the files.
    ///   - now: Returns the current time. A test can replace it.
    public init(_ folder: String, now: @escaping @Sendable () -> Date = { Date() }) {
        self.folder = folder
        self.now = now
    }

    /// Writes the messages to a new file that only the current user can read.
    ///
    /// - Throws: ``MailError/Code/storage``.
    public func send(_ messages: [EncodedEmail]) throws {
        if messages.isEmpty { return }
        let milliseconds = Int(now().timeIntervalSince1970 * 1000)
        let name = "\(milliseconds)-\(randomText(12, of: "abcdefghijklmnopqrstuvwxyz0123456789")).log"
        let text = messages.map { $0.readableText + String(repeating: "-", count: 79) + "\n" }.joined()
        do {
            let files = FileManager.default
            try files.createDirectory(
                atPath: folder, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
            // The file gets its visible name only when it is complete.
            let partial = folder + "/." + name
            guard
                files.createFile(
                    atPath: partial, contents: Data(text.utf8), attributes: [.posixPermissions: 0o600])
            else { throw CocoaError(.fileWriteUnknown) }
            try files.moveItem(atPath: partial, toPath: folder + "/" + name)
        } catch {
            throw MailError(
                .storage,
                "The message cannot be written to '\(folder)': \(error.localizedDescription) Set EMAIL_FILE_PATH to a "
                    + "folder that the program can write to.")
        }
    }
}

public import FoundationEssentials
internal import CLinux
internal import Glibc
public import StraitCore

/// A store that keeps each session in a file; Django's `file`.
public struct FileSessionStore: SessionStore {
    private let folder: String
    private let cookieName: String
    private let age: Int
    private let encoding: SessionEncoding
    private let threads: ThreadPool

    /// Creates a store.
    ///
    /// - Parameters:
    ///   - folder: The folder, which must exist; Django's `SESSION_FILE_PATH`.
    ///   - cookieName: The name of the cookie, which is the prefix of the file names.
    ///   - age: The lifetime in seconds of a session without an expiry of its own.
    ///   - encoding: The encoding, which signs the data.
    ///   - threads: The threads that read and write the files.
    public init(
        _ folder: String, cookieName: String = "sessionid", age: Int = 1_209_600, _ encoding: SessionEncoding,
        threads: ThreadPool
    ) {
        self.folder = folder
        self.cookieName = cookieName
        self.age = age
        self.encoding = encoding
        self.threads = threads
    }

    private func path(_ key: String) -> String { "\(folder)/\(cookieName)\(key)" }

    /// Reads a file. Deletes it if the session has expired.
    public func load(_ key: String, at now: Date) async throws -> StoredSession? {
        guard SessionKey.isValid(key) else { return nil }
        return try await threads.run { [self] in
            guard let file = try SessionFile(path(key)) else { return nil }
            let data = encoding.data(of: file.text) ?? SessionData()
            if end(of: data, file) <= now {
                unsafe unlink(path(key))
                return nil
            }
            return StoredSession(key: key, data: data, version: file.text)
        }
    }

    /// Returns the time at which a session ends: the time in its data, or the end of its lifetime, counted from when
    /// the file was written.
    private func end(of data: SessionData, _ file: SessionFile) -> Date {
        switch StoredExpiry(data[StoredExpiry.name]) {
        case .date(let date): date
        case .seconds(let seconds) where seconds != 0: file.changed.addingTimeInterval(Double(seconds))
        default: file.changed.addingTimeInterval(Double(age))
        }
    }

    /// Writes a new file.
    public func create(_ data: SessionData, _ lifetime: SessionLifetime) async throws -> StoredSession {
        let text = try encoding.text(of: data)
        let key = SessionKey.random()
        try await threads.run { [self] in try SessionFile.write(text, to: path(key)) }
        return StoredSession(key: key, data: data, version: text)
    }

    /// Replaces a file. If another request has written it in the meantime, only the changes are applied to it. If the
    /// session was deleted, it stays deleted.
    public func save(
        _ data: SessionData, changes: SessionChanges, over stored: StoredSession, _ lifetime: SessionLifetime
    ) async throws -> StoredSession? {
        try await threads.run { [self] in
            var (data, version) = (data, stored.version)
            while true {
                let text = try encoding.text(of: data)
                guard let former = try SessionFile.exchange(text, at: path(stored.key)) else { return nil }
                if former == version { return StoredSession(key: stored.key, data: data, version: text) }
                // The former text has changes of another request. They are merged, and written over this text.
                data = encoding.data(of: former) ?? SessionData()
                changes.apply(to: &data)
                version = text
            }
        }
    }

    /// Deletes a file.
    public func delete(_ key: String) async throws {
        guard SessionKey.isValid(key) else { return }
        _ = try await threads.run { [self] in unsafe unlink(path(key)) }
    }

    /// Deletes the files of expired sessions.
    public func clearExpired(at now: Date) async throws -> Int {
        try await threads.run { [self] in
            let names = try FileManager.default.contentsOfDirectory(atPath: folder)
            var count = 0
            for name in names where name.hasPrefix(cookieName) {
                guard SessionKey.isValid(String(name.dropFirst(cookieName.count))),
                    let file = try SessionFile("\(folder)/\(name)")
                else { continue }
                guard end(of: encoding.data(of: file.text) ?? SessionData(), file) <= now else { continue }
                unsafe unlink("\(folder)/\(name)")
                count += 1
            }
            return count
        }
    }
}

/// The file of a session.
private struct SessionFile {
    let text: String
    /// The time at which it was written.
    let changed: Date

    /// Reads a file. Returns nil if there is none.
    init?(_ path: String) throws {
        var facts = stat()
        guard unsafe lstat(path, &facts) == 0 else { return nil }
        guard facts.st_mode & S_IFMT == S_IFREG, let data = FileManager.default.contents(atPath: path) else {
            return nil
        }
        text = String(decoding: data, as: UTF8.self)
        changed = Date(
            timeIntervalSince1970: Double(facts.st_mtim.tv_sec) + Double(facts.st_mtim.tv_nsec) / 1_000_000_000)
    }

    /// Writes a new file. Only the user that runs the server can read it.
    static func write(_ text: String, to path: String) throws {
        let draft = try draft(text, for: path)
        guard unsafe rename(draft, path) == 0 else {
            let code = errno
            unsafe unlink(draft)
            throw SessionError.file(path, code)
        }
    }

    /// Replaces a file in one step, and returns its former text. Returns nil if there is no file.
    static func exchange(_ text: String, at path: String) throws -> String? {
        let draft = try draft(text, for: path)
        defer { unsafe unlink(draft) }
        guard unsafe strait_exchange(draft, path) == 0 else {
            if errno == ENOENT { return nil }
            throw SessionError.file(path, errno)
        }
        // The draft is now the former file.
        guard let former = FileManager.default.contents(atPath: draft) else {
            // Its values must not be lost. If this fails too, the error is the same.
            _ = unsafe strait_exchange(draft, path)
            throw SessionError.file(path, EIO)
        }
        return String(decoding: former, as: UTF8.self)
    }

    private static func draft(_ text: String, for path: String) throws -> String {
        let draft = "\(path)_\(SessionKey.random()).tmp"
        let descriptor = unsafe open(draft, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw SessionError.file(path, errno) }
        var bytes = Array(text.utf8)[...]
        while !bytes.isEmpty {
            // SAFETY: the buffer is valid during the call, and its size is passed.
            let count = unsafe bytes.withUnsafeBytes { unsafe Glibc.write(descriptor, $0.baseAddress, $0.count) }
            if count < 0, errno == EINTR { continue }
            guard count > 0 else {
                let code = errno
                close(descriptor)
                unsafe unlink(draft)
                throw SessionError.file(path, code)
            }
            bytes = bytes.dropFirst(count)
        }
        close(descriptor)
        return draft
    }
}

extension SessionError {
    fileprivate static func file(_ path: String, _ code: Int32) -> SessionError {
        SessionError(
            code: .storage,
            description: "Cannot write the session file \(path) (error \(code)). Check that the folder of "
                + "SESSION_FILE_PATH exists, that the server may write to it, and that the disk is not full.")
    }
}

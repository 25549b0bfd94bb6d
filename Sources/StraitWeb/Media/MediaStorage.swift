public import StraitCore
public import StraitForms

/// Storage for uploaded files, in the folder `MEDIA_ROOT`. Django's `FileSystemStorage` and `default_storage`.
///
/// ```swift
/// let name = try await request.media.save(file, as: "photos/\(MediaName.valid(file.filename))")
/// let address = try request.media.url(of: name)                 // /media/photos/tea_x7Kq2Lm.jpg
/// ```
///
/// Names are paths in the folder, with `/` between their parts. A part must not be empty, begin with a dot or contain a
/// backslash. Paths through symbolic links are rejected too. Event loops never block on the disk.
public struct MediaStorage: Sendable {
    /// The folder, `MEDIA_ROOT`.
    public let root: String
    /// The prefix of file URLs: `MEDIA_URL` under the root path.
    public let baseURL: String
    let random: @Sendable () -> UInt64

    /// Creates storage in a folder.
    ///
    /// - Parameters:
    ///   - root: The folder. It is created when the first file is saved.
    ///   - baseURL: The prefix of file URLs.
    ///   - random: Returns random bits for alternative names.
    public init(
        root: String, baseURL: String = "/media/",
        random: @escaping @Sendable () -> UInt64 = { UInt64.random(in: 0...UInt64.max) }
    ) {
        self.root = root
        self.baseURL = baseURL
        self.random = random
    }

    // MARK: Saving

    /// Saves `bytes` under `name`. If the name is taken, an underscore and seven random characters are added before its
    /// extension.
    ///
    /// Missing folders are created. The file appears under its name only when it is complete.
    ///
    /// - Returns: The name of the saved file.
    /// - Throws: ``MediaError``.
    public func save(_ bytes: Bytes, as name: String) async throws(MediaError) -> String {
        let draft = try await draft(name)
        try await draft.append(bytes)
        return try await draft.keep()
    }

    /// Saves a form's file under `name`, or an alternative if that is taken. See ``save(_:as:)-(Bytes,_)``.
    ///
    /// - Returns: The name of the saved file.
    /// - Throws: ``MediaError``; ``/StraitForms/FormError`` if the uploaded file cannot be read.
    public func save(_ file: UploadedFile, as name: String) async throws -> String {
        try await save(pieces: file, as: name)
    }

    /// Saves a sequence of bytes under `name`, or an alternative if that is taken. The file is not kept in memory, so
    /// this suits a request body or a socket's messages.
    ///
    /// - Returns: The name of the saved file.
    /// - Throws: ``MediaError``; the errors of `pieces`; `CancellationError` if the task is cancelled, as a cancelled
    ///   stream ends like a complete one. The incomplete file is removed.
    public func save<Pieces: AsyncSequence>(pieces: Pieces, as name: String) async throws -> String
    where Pieces.Element == Bytes {
        let draft = try await draft(name)
        for try await piece in pieces { try await draft.append(piece) }
        try Task.checkCancellation()
        return try await draft.keep()
    }

    /// Creates a file to append bytes to. ``MediaDraft/keep()`` gives it `name`, or an alternative if that is taken.
    ///
    /// - Throws: ``MediaError``.
    @concurrent public func draft(_ name: String) async throws(MediaError) -> MediaDraft {
        try MediaDraft(name, in: self)
    }

    // MARK: Reading and removing

    /// Returns the percent-encoded URL of a file. Django's `url`. The file need not exist.
    ///
    /// - Throws: ``MediaError/Code/badName``.
    public func url(of name: String) throws(MediaError) -> String {
        try MediaName.check(name)
        return baseURL + MediaName.percentCoded(name)
    }

    /// Returns the file's path on disk. Django's `path`. The file need not exist.
    ///
    /// - Throws: ``MediaError/Code/badName``.
    public func path(of name: String) throws(MediaError) -> String {
        try MediaName.check(name)
        return root + (root.utf8.last == 0x2F ? "" : "/") + name
    }

    /// Whether there is a file of this name. False for an invalid name.
    @concurrent public func exists(_ name: String) async -> Bool {
        (try? MediaName.check(name)) != nil && regularFile(name) != nil
    }

    /// Returns the file's size in bytes.
    ///
    /// - Throws: ``MediaError``.
    @concurrent public func size(of name: String) async throws(MediaError) -> Int {
        try MediaName.check(name)
        guard let path = regularFile(name) else { throw .notFound(name) }
        return try MediaDisk.size(of: path)
    }

    /// Reads the whole file into memory.
    ///
    /// - Parameters:
    ///   - name: The file's name.
    ///   - limit: The largest size to read, in bytes.
    /// - Throws: ``MediaError``; ``MediaError/Code/tooLarge`` if the file is larger than the limit.
    @concurrent public func read(_ name: String, upTo limit: Int) async throws(MediaError) -> Bytes {
        try MediaName.check(name)
        guard let path = regularFile(name) else { throw .notFound(name) }
        return try MediaDisk.read(path, name, upTo: limit)
    }

    /// Removes the file. As in Django, this has no effect if there is none.
    ///
    /// - Throws: ``MediaError``.
    @concurrent public func delete(_ name: String) async throws(MediaError) {
        try MediaName.check(name)
        guard let path = regularFile(name) else { return }
        try MediaDisk.remove(path)
    }

    /// Returns the path of the regular file `name`; nil if there is none, or if the path contains a link.
    private func regularFile(_ name: String) -> String? {
        guard let path = try? path(of: name), let folder = FilePath.existing(root), let real = FilePath.existing(path),
            FilePath.kind(of: path, followsLinks: false) == .file,
            real.utf8.elementsEqual((folder + (folder.utf8.last == 0x2F ? "" : "/") + name).utf8)
        else { return nil }
        return real
    }
}

/// An error in saving, reading or removing a file of ``MediaStorage``.
public struct MediaError: Error, Hashable, Sendable, CustomStringConvertible {
    /// The kinds of errors.
    public enum Code: Hashable, Sendable {
        /// The name is not a valid path in the folder.
        case badName
        /// There is no file of this name.
        case notFound
        /// The file is larger than the limit for reading.
        case tooLarge
        /// The file system reported an error: for example, the disk is full, or the program's user lacks permission.
        case disk
        /// The site has no `MEDIA_ROOT`.
        case noRoot
    }

    /// The kind of error.
    public let code: Code
    /// The problem and the remedy, in sentences.
    public let description: String

    init(_ code: Code, _ description: String) {
        self.code = code
        self.description = description
    }

    static func notFound(_ name: String) -> MediaError {
        MediaError(.notFound, "There is no file \(name.debugDescription) in MEDIA_ROOT.")
    }
}

extension SiteContext {
    /// The storage for uploaded files.
    ///
    /// - Throws: ``MediaError/Code/noRoot`` without `MEDIA_ROOT`.
    public var media: MediaStorage {
        get throws(MediaError) {
            guard let root = settings.mediaRoot else {
                throw MediaError(
                    .noRoot,
                    "The site has no folder for uploaded files. Set MEDIA_ROOT in settings.env, or mediaRoot in Swift.")
            }
            return MediaStorage(root: root, baseURL: MountedURL.of(settings.mediaURL, under: rootPath))
        }
    }
}

extension ServiceProvider {
    /// The site's storage for uploaded files.
    ///
    /// - Throws: ``/StraitWeb/MediaError/Code/noRoot`` without `MEDIA_ROOT`; ``/StraitWeb/SiteError`` outside a site.
    public var media: MediaStorage {
        get throws {
            guard let site else { throw SiteError.noSite(asking: "its uploaded files") }
            return try site.media
        }
    }
}

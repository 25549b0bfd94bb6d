public import StraitNetwork

/// The files that users uploaded, in the folder `MEDIA_ROOT`; Django's `FileSystemStorage`, `default_storage`.
///
/// ```swift
/// let name = try await request.media.save(file, as: "photos/\(MediaName.valid(file.filename))")
/// let address = try request.media.url(of: name)                 // /media/photos/tea_x7Kq2Lm.jpg
/// ```
///
/// Names are paths in the folder, with `/` between their parts. A name whose part is empty, begins with a dot or has a
/// backslash is refused, and so is a path that leads through a symbolic link. The disk is never waited for on an event
/// loop.
public struct MediaStorage: Sendable {
    /// The folder, `MEDIA_ROOT`.
    public let root: String
    /// The address that names are appended to, `MEDIA_URL` beneath the root path.
    public let baseURL: String
    let random: @Sendable () -> UInt64

    /// - Parameters:
    ///   - root: The folder. It is made when the first file is saved.
    ///   - baseURL: The address that names are appended to.
    ///   - random: Random bits for free names.
    public init(
        root: String, baseURL: String = "/media/",
        random: @escaping @Sendable () -> UInt64 = { UInt64.random(in: 0...UInt64.max) }
    ) {
        self.root = root
        self.baseURL = baseURL
        self.random = random
    }

    // MARK: Saving

    /// Saves `bytes` under `name`, or, if that is taken, under one with an underscore and seven random characters in
    /// front of its extension. Folders are made. The file appears under its name with all of its bytes or not at all.
    ///
    /// - Returns: The name that the file has.
    /// - Throws: ``MediaError``.
    public func save(_ bytes: Bytes, as name: String) async throws(MediaError) -> String {
        let draft = try await draft(name)
        try await draft.append(bytes)
        return try await draft.keep()
    }

    /// Saves a file of a form under `name`, or a free one. See ``save(_:as:)-(Bytes,_)``.
    ///
    /// - Returns: The name that the file has.
    /// - Throws: ``MediaError``, and ``FormError`` if the uploaded file cannot be read.
    public func save(_ file: UploadedFile, as name: String) async throws -> String {
        try await save(pieces: file, as: name)
    }

    /// Saves the bytes that `pieces` brings under `name`, or a free one: for a body or a socket's messages, which need
    /// not be in memory as a whole.
    ///
    /// - Returns: The name that the file has.
    /// - Throws: ``MediaError``, the errors of `pieces`, and `CancellationError` if the task was cancelled: a stream ends
    ///   then as if it were complete. Nothing is left of the file.
    public func save<Pieces: AsyncSequence>(pieces: Pieces, as name: String) async throws -> String
    where Pieces.Element == Bytes {
        let draft = try await draft(name)
        for try await piece in pieces { try await draft.append(piece) }
        try Task.checkCancellation()
        return try await draft.keep()
    }

    /// A file to append bytes to, which gets `name`, or a free one, when it is kept.
    ///
    /// - Throws: ``MediaError``.
    @concurrent public func draft(_ name: String) async throws(MediaError) -> MediaDraft {
        try MediaDraft(name, in: self)
    }

    // MARK: What is there

    /// The address of a file, percent-coded; Django's `url`. The file need not exist.
    ///
    /// - Throws: ``MediaError/Code/badName``.
    public func url(of name: String) throws(MediaError) -> String {
        try MediaName.check(name)
        return baseURL + MediaName.percentCoded(name)
    }

    /// The file's path on disk; Django's `path`. The file need not exist.
    ///
    /// - Throws: ``MediaError/Code/badName``.
    public func path(of name: String) throws(MediaError) -> String {
        try MediaName.check(name)
        return root + (root.utf8.last == 0x2F ? "" : "/") + name
    }

    /// Whether there is a file of this name. Nothing is under a name that is refused.
    @concurrent public func exists(_ name: String) async -> Bool {
        (try? MediaName.check(name)) != nil && regularFile(name) != nil
    }

    /// The file's size in bytes.
    ///
    /// - Throws: ``MediaError``.
    @concurrent public func size(of name: String) async throws(MediaError) -> Int {
        try MediaName.check(name)
        guard let path = regularFile(name) else { throw .notFound(name) }
        return try MediaDisk.size(of: path)
    }

    /// The whole file.
    ///
    /// - Parameter limit: The most bytes to take into memory.
    /// - Throws: ``MediaError``; ``MediaError/Code/tooLarge`` if there are more.
    @concurrent public func read(_ name: String, upTo limit: Int) async throws(MediaError) -> Bytes {
        try MediaName.check(name)
        guard let path = regularFile(name) else { throw .notFound(name) }
        return try MediaDisk.read(path, name, upTo: limit)
    }

    /// Removes the file. No effect if there is none, as in Django.
    ///
    /// - Throws: ``MediaError``.
    @concurrent public func delete(_ name: String) async throws(MediaError) {
        try MediaName.check(name)
        guard let path = regularFile(name) else { return }
        try MediaDisk.remove(path)
    }

    /// The path of the regular file `name`; nil if there is none, or a link on the way.
    private func regularFile(_ name: String) -> String? {
        guard let path = try? path(of: name), let folder = FilePath.existing(root), let real = FilePath.existing(path),
            FilePath.kind(of: path, followsLinks: false) == .file,
            real.utf8.elementsEqual((folder + (folder.utf8.last == 0x2F ? "" : "/") + name).utf8)
        else { return nil }
        return real
    }
}

/// The reason why a file of ``MediaStorage`` cannot be saved, read or removed.
public struct MediaError: Error, Hashable, Sendable, CustomStringConvertible {
    /// The kinds of reasons.
    public enum Code: Hashable, Sendable {
        /// The name is no path in the folder.
        case badName
        /// There is no file of the name.
        case notFound
        /// The file has more bytes than may be read.
        case tooLarge
        /// The disk refused: it is full, or the program's user has no right.
        case disk
        /// The site has no `MEDIA_ROOT`.
        case noRoot
    }

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
    /// The files that users uploaded.
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
    /// The files that users uploaded to the site.
    ///
    /// - Throws: ``/StraitWeb/MediaError/Code/noRoot`` without `MEDIA_ROOT`; ``/StraitWeb/SiteError`` outside of a site.
    public var media: MediaStorage {
        get throws {
            guard let site else { throw SiteError.noSite(asking: "its uploaded files") }
            return try site.media
        }
    }
}

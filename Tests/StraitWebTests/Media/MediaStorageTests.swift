import Foundation
import Strait
import StraitCore
import StraitTesting
import StraitWeb
import Synchronization
import Testing

@Suite struct MediaStorages {
    private let root = FileManager.default.temporaryDirectory.appending(path: "strait-media-\(UUID().uuidString)").path

    private func withStorage(_ body: (MediaStorage) async throws -> Void) async throws {
        defer { try? FileManager.default.removeItem(atPath: root) }
        let bits = Mutex<UInt64>(0)
        try await body(
            MediaStorage(root: root + "/deep/media") {
                bits.withLock {
                    $0 += 1
                    return $0
                }
            })
    }

    private func files(_ folder: String) -> [String] {
        ((try? FileManager.default.contentsOfDirectory(atPath: root + "/deep/media/" + folder)) ?? []).sorted()
    }

    @Test func `a file is saved under its name, and its folders are created`() async throws {
        try await withStorage { media in
            let name = try await media.save(Bytes("jpeg"), as: "photos/2026/tea cup.jpg")
            #expect(name == "photos/2026/tea cup.jpg")
            #expect(try media.url(of: name) == "/media/photos/2026/tea%20cup.jpg")
            #expect(try media.path(of: name) == root + "/deep/media/photos/2026/tea cup.jpg")
            #expect(try await media.read(name, upTo: 4) == Bytes("jpeg"))
            #expect(try await media.size(of: name) == 4)
            #expect(await media.exists(name))
            #expect(files("photos/2026") == ["tea cup.jpg"])
            let error = await #expect(throws: MediaError.self) { _ = try await media.read(name, upTo: 3) }
            #expect(error?.code == .tooLarge)
        }
    }

    @Test func `a taken name gets seven random characters before its extensions`() async throws {
        try await withStorage { media in
            #expect(try await media.save(Bytes("1"), as: "a/b.tar.gz") == "a/b.tar.gz")
            let second = try await media.save(Bytes("2"), as: "a/b.tar.gz")
            #expect(second.wholeMatch(of: /a\/b_[a-zA-Z0-9]{7}\.tar\.gz/) != nil)
            #expect(try await media.save(Bytes(), as: "plain") == "plain")
            #expect(try await media.save(Bytes(), as: "plain").wholeMatch(of: /plain_[a-zA-Z0-9]{7}/) != nil)
            #expect(try await media.read("a/b.tar.gz", upTo: 9) == Bytes("1"))
            #expect(try await media.read(second, upTo: 9) == Bytes("2"))
            let long = String(repeating: "é", count: 125) + ".jpg"
            #expect(try await media.save(Bytes(), as: long) == long)
            #expect(try await media.save(Bytes(), as: long).utf8.count <= 255)
        }
    }

    @Test func `concurrent saves under the same name each get a different name`() async throws {
        try await withStorage { media in
            let names = try await withThrowingTaskGroup(of: String.self) { group in
                for number in 0..<20 {
                    group.addTask { try await media.save(Bytes("\(number)"), as: "all/x.txt") }
                }
                return try await group.reduce(into: Set<String>()) { $0.insert($1) }
            }
            #expect(names.count == 20)
            #expect(files("all").count == 20)
        }
    }

    @Test(arguments: [
        "", "/etc/passwd", "../x", "a/../x", "a//b", "a/", ".hidden", "a/.hidden/b", "a\\b", "a\0b",
    ])
    func `a name that is not a path in MEDIA_ROOT is rejected`(name: String) async throws {
        try await withStorage { media in
            let error = await #expect(throws: MediaError.self) { _ = try await media.save(Bytes("x"), as: name) }
            #expect(error?.code == .badName)
            #expect(throws: MediaError.self) { try media.url(of: name) }
            #expect(throws: MediaError.self) { try media.path(of: name) }
            #expect(await !media.exists(name))
            await #expect(throws: MediaError.self) { try await media.delete(name) }
            #expect(!FileManager.default.fileExists(atPath: root))
        }
    }

    @Test func `no file is written, read or removed through a symbolic link`() async throws {
        try await withStorage { media in
            try FileManager.default.createDirectory(atPath: root + "/outside", withIntermediateDirectories: true)
            try "secret".write(toFile: root + "/outside/file", atomically: true, encoding: .utf8)
            _ = try await media.save(Bytes(), as: "first")
            for (link, target) in [("linked", "/outside"), ("file", "/outside/file")] {
                try FileManager.default.createSymbolicLink(
                    atPath: root + "/deep/media/" + link, withDestinationPath: root + target)
            }
            let error = await #expect(throws: MediaError.self) { _ = try await media.save(Bytes(), as: "linked/x") }
            #expect(error?.code == .disk)
            #expect(await !media.exists("linked/file"))
            #expect(await !media.exists("file"))
            try await media.delete("linked/file")
            try await media.delete("file")
            #expect(FileManager.default.fileExists(atPath: root + "/outside/file"))
            #expect(try await media.save(Bytes("own"), as: "file") != "file")
        }
    }

    @Test func `a save whose stream fails leaves nothing behind`() async throws {
        struct Broken: Error {}
        try await withStorage { media in
            let (pieces, source) = AsyncThrowingStream.makeStream(of: Bytes.self)
            source.yield(Bytes("half"))
            source.finish(throwing: Broken())
            await #expect(throws: Broken.self) { _ = try await media.save(pieces: pieces, as: "a/half") }
            #expect(files("a").isEmpty)
        }
    }

    @Test func `a cancelled save leaves nothing behind, even if its stream ends`() async throws {
        try await withStorage { media in
            let (pieces, source) = AsyncStream.makeStream(of: Bytes.self)
            source.yield(Bytes("half"))
            let saving = Task { try await media.save(pieces: pieces, as: "a/half") }
            saving.cancel()
            await #expect(throws: CancellationError.self) { _ = try await saving.value }
            source.finish()
            #expect(files("a").isEmpty)
        }
    }

    @Test func `a draft collects bytes and becomes a file only when it is kept`() async throws {
        try await withStorage { media in
            let draft = try await media.draft("a/b")
            try await draft.append(Bytes("one "))
            try await draft.append(Bytes("two"))
            #expect(draft.count == 7)
            #expect(await !media.exists("a/b"))
            #expect(try await draft.keep() == "a/b")
            await draft.discard()
            #expect(try await media.read("a/b", upTo: 9) == Bytes("one two"))
            try await media.draft("a/c").append(Bytes("lost"))
            let other = try await media.draft("a/d")
            await other.discard()
            #expect(files("a") == ["b"])
        }
    }

    @Test func `a file is deleted, and deleting a missing file has no effect`() async throws {
        try await withStorage { media in
            let name = try await media.save(Bytes("x"), as: "x")
            try await media.delete(name)
            try await media.delete(name)
            #expect(files("").isEmpty)
            let error = await #expect(throws: MediaError.self) { _ = try await media.size(of: name) }
            #expect(error?.description == "There is no file \"x\" in MEDIA_ROOT.")
        }
    }

    @Test func `the error for an unusable MEDIA_ROOT names the folder`() async throws {
        let media = MediaStorage(root: "/proc/none")
        let error = await #expect(throws: MediaError.self) { _ = try await media.save(Bytes("x"), as: "x") }
        #expect(error?.description == "MEDIA_ROOT /proc/none cannot be used: No such file or directory")
    }

    @Test func `a site provides its media storage, or throws an error without MEDIA_ROOT`() async throws {
        struct Empty: Site {
            var settings: Settings {
                var settings = Settings()
                settings.mediaRoot = "/srv/m"
                return settings
            }
        }
        let mounted = { (configuration: inout ServerConfiguration) in configuration.rootPath = "/app" }
        try await TestSite(Empty(), configuration: mounted) { site in
            let media = try site.media
            #expect(media.root == "/srv/m")
            #expect(try media.url(of: "x") == "/app/media/x")
        }
        let rootless = { (settings: inout Settings) in settings.mediaRoot = nil }
        try await TestSite(Empty(), settings: rootless) { site in
            let error = #expect(throws: MediaError.self) { try site.media }
            #expect(error?.code == .noRoot)
        }
    }
}

import StraitCore
import StraitHTTP
import Synchronization
import Testing

private final class Pieces: RequestBodySource {
    private let left: Mutex<[Bytes]>

    init(_ pieces: [String]) {
        left = Mutex(pieces.map { Bytes($0) })
    }

    func next() async throws -> Bytes? {
        left.withLock { $0.isEmpty ? nil : $0.removeFirst() }
    }

    var count: Int { left.withLock { $0.count } }
}

@Suite struct `Bodies for an application` {
    @Test func `a body is read piece by piece`() async throws {
        var text: [String] = []
        for try await piece in RequestBody(Pieces(["a", "b"]), contentLength: nil) {
            text.append(String(decoding: piece, as: UTF8.self))
        }
        #expect(text == ["a", "b"])
    }

    @Test(arguments: [[], ["abc"], ["a", "b", "c"]])
    func `a body is collected up to a limit`(pieces: [String]) async throws {
        let body = RequestBody(Pieces(pieces), contentLength: nil)
        #expect(String(decoding: try await body.collect(upTo: 3), as: UTF8.self) == pieces.joined())
    }

    @Test func `reading a body over the limit throws an error with status 413`() async {
        let source = Pieces(["ab", "cd", "ef"])
        let error = await #expect(throws: RequestBodyTooLarge.self) {
            try await RequestBody(source, contentLength: nil).collect(upTo: 3)
        }
        #expect(error?.status == .contentTooLarge)
        #expect(error?.description == "The body exceeds the limit of 3 bytes.")
        #expect(source.count == 1)
        let announced = Pieces(["ab"])
        await #expect(throws: RequestBodyTooLarge.self) {
            try await RequestBody(announced, contentLength: 9).collect(upTo: 3)
        }
        #expect(announced.count == 1)
    }
}

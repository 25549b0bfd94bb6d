internal import StraitHTTP
internal import StraitNetwork
internal import StraitRouting

/// A multipart body and its parser. A ``FormProgress`` ensures that one task at a time uses it.
final class MultipartReader {
    private var iterator: RequestBody.AsyncIterator
    private var parser: MultipartParser
    private var hasEnded = false

    init(_ body: RequestBody, contentType: String, limits: MultipartLimits) throws(FormError) {
        iterator = body.makeAsyncIterator()
        do throws(MultipartError) {
            parser = try MultipartParser(contentType: contentType, limits: limits)
        } catch {
            throw .malformed(error)
        }
    }

    /// The limits from here on.
    var limits: MultipartLimits {
        get { parser.limits }
        set { parser.limits = newValue }
    }

    /// The encoding of the fields' values.
    var charset: FormCharset { parser.charset }

    /// Returns the next event; nil after the last. The body is read to its end, so that the connection can be reused.
    ///
    /// - Throws: ``FormError``; the connection's error.
    func next() async throws -> MultipartEvent? {
        while true {
            do throws(MultipartError) {
                if let event = try parser.next() { return event }
                if hasEnded { return nil }
            } catch {
                throw FormError.malformed(error)
            }
            if let piece = try await iterator.next() {
                parser.feed(piece.span)
            } else {
                hasEnded = true
                do throws(MultipartError) { try parser.finish() } catch { throw FormError.malformed(error) }
            }
        }
    }
}

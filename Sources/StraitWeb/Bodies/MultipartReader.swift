internal import StraitHTTP
internal import StraitNetwork
internal import StraitRouting

/// A multipart body and its parser. Within a ``FormProgress``, so that one asks at a time.
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

    /// What is taken from here on.
    var limits: MultipartLimits {
        get { parser.limits }
        set { parser.limits = newValue }
    }

    /// The coding of the fields' values.
    var charset: FormCharset { parser.charset }

    /// The next event, or nil behind the last. The body is read to its end, so that the connection can be used again.
    ///
    /// - Throws: ``FormError``, and the connection's error.
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

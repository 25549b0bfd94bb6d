import StraitCore
import StraitHTTP

/// The events that a parser reports for a multipart body. The pieces of each part are joined.
struct MultipartHearing: Equatable {
    var parts: [MultipartPart] = []
    var contents: [[UInt8]] = []
    /// The number of parts that ended.
    var ended = 0
    var isComplete = false
    var error: MultipartError?

    /// Parses `body`, split at `cuts`.
    init(_ body: [UInt8], cuts: [Int] = [], boundary: String = "b", limits: MultipartLimits = MultipartLimits()) {
        do {
            var parser = try MultipartParser(boundary: boundary, limits: limits)
            var start = 0
            for cut in cuts + [body.count] {
                parser.feed(body.span.extracting(start..<cut))
                start = cut
                try read(&parser)
            }
            try parser.finish()
            try read(&parser)
        } catch {
            self.error = error
        }
    }

    init(_ body: String, limits: MultipartLimits = MultipartLimits()) {
        self.init(Array(body.utf8), limits: limits)
    }

    private mutating func read(_ parser: inout MultipartParser) throws(MultipartError) {
        while let event = try parser.next() {
            switch event {
            case .part(let part):
                parts.append(part)
                contents.append([])
            case .bytes(let bytes): contents[contents.count - 1] += Array(bytes)
            case .partEnd: ended += 1
            case .end: isComplete = true
            }
        }
    }

    /// A text for each part: `name=text` for a field, `name:filename=text` for a file.
    var summary: [String] {
        zip(parts, contents).map { part, content in
            part.name + (part.filename.map { ":" + $0 } ?? "") + "=" + String(decoding: content, as: UTF8.self)
        }
    }
}

/// A part with this `Content-Disposition` and `more` header lines.
func part(_ disposition: String, _ more: String..., content: String = "x") -> String {
    "--b\r\nContent-Disposition: form-data; \(disposition)\r\n" + more.map { $0 + "\r\n" }.joined()
        + "\r\n\(content)\r\n"
}

internal import Glibc

extension TransportError {
    /// Returns the system's text for `code`, an `errno`.
    package static func text(of code: Int32) -> String {
        var buffer: [CChar] = Array(repeating: 0, count: 128)
        let capacity = buffer.count
        guard unsafe strerror_r(code, &buffer, capacity) == 0 else { return "error \(code)" }
        let text = String(decoding: buffer.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
        return text.isEmpty ? "error \(code)" : text
    }
}

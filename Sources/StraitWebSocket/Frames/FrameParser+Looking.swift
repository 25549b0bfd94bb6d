import StraitNetwork

extension FrameParser {
    /// Whether `bytes` contain a client's close frame. They must be unread and start with a frame. An incomplete last
    /// frame is ignored.
    package static func findsClose(in bytes: Span<UInt8>) -> Bool {
        var position = 0
        while bytes.count - position >= 2 {
            let isClose = bytes[position] & 0x0F == 0x08
            let size = bytes[position + 1] & 0x7F
            let lengthBytes = size == 126 ? 2 : size == 127 ? 8 : 0
            let header = 2 + lengthBytes + (bytes[position + 1] & 0x80 == 0 ? 0 : 4)
            guard bytes.count - position >= header else { return false }
            var length = lengthBytes == 0 ? Int(size) : 0
            for index in 0..<lengthBytes { length = length << 8 | Int(bytes[position + 2 + index]) }
            guard length >= 0, length <= bytes.count - position - header else { return false }
            if isClose { return true }
            position += header + length
        }
        return false
    }
}

internal import StraitCrypto

/// The durable state of an upload: a file of records of fixed size. The last valid record counts.
///
/// A record is written after the bytes that it describes are durable, so a power loss leaves an earlier record in
/// force. A torn record has a wrong checksum and is ignored.
struct UploadJournal {
    /// The state of an upload.
    struct Record: Hashable {
        /// The number of bytes from the start that are durable.
        var durable: Int64 = 0
        /// The number of the connection that may write. Each new connection gets the next number.
        var epoch: UInt64 = 0
        /// The time of the record, in seconds since 1970.
        var time: Int64 = 0

        /// The length of an encoded record in bytes.
        static let size = 64
        private static let checked = size - 8
        private static let magic: [UInt8] = Array("SUJ1".utf8)

        /// The encoded record: the magic, the three numbers in little-endian order, zeros, and the first eight
        /// bytes of the SHA-256 hash of all bytes before.
        var encoded: [UInt8] {
            var bytes = Self.magic + [0, 0, 0, 0]
            for number in [UInt64(bitPattern: durable), epoch, UInt64(bitPattern: time)] {
                bytes += (0..<8).map { UInt8(truncatingIfNeeded: number >> ($0 * 8)) }
            }
            bytes += Array(repeating: 0, count: Self.checked - bytes.count)
            return bytes + Self.checksum(bytes)
        }

        /// The first eight bytes of the hash of all bytes before the checksum.
        private static func checksum(_ bytes: [UInt8]) -> [UInt8] {
            let checked = Array(bytes.prefix(Self.checked))
            return Array(SHA256.hash(checked.span).prefix(8))
        }

        init() {}

        init(durable: Int64, epoch: UInt64, time: Int64) {
            self.durable = durable
            self.epoch = epoch
            self.time = time
        }

        /// Decodes a record. Returns nil if it is torn or has another format.
        init?(_ bytes: ArraySlice<UInt8>) {
            let bytes = Array(bytes)
            guard bytes.count == Self.size, Array(bytes.prefix(4)) == Self.magic,
                Array(bytes.suffix(8)) == Self.checksum(bytes)
            else { return nil }
            func number(at place: Int) -> UInt64 {
                (0..<8).reduce(0) { $0 | UInt64(bytes[place + $1]) << ($1 * 8) }
            }
            durable = Int64(bitPattern: number(at: 8))
            epoch = number(at: 16)
            time = Int64(bitPattern: number(at: 24))
            if durable < 0 { return nil }
        }
    }

    private let file: any UploadFile

    init(_ file: any UploadFile) { self.file = file }

    /// The last valid record among the last thousand, and the offset after it; nil if there is none.
    func last() throws(UploadDiskError) -> (record: Record, end: Int64)? {
        let size = try file.size()
        let count = size / Int64(Record.size)
        let first = max(0, count - 1000)
        let bytes = try file.read(Int(count - first) * Record.size, at: first * Int64(Record.size))
        for place in stride(from: bytes.count / Record.size - 1, through: 0, by: -1) {
            let start = place * Record.size
            if let record = Record(bytes[start..<start + Record.size]) {
                return (record, (first + Int64(place) + 1) * Int64(Record.size))
            }
        }
        return nil
    }

    /// Writes a record at `end`, the offset after the last valid one.
    func append(_ record: Record, at end: Int64) throws(UploadDiskError) {
        let bytes = record.encoded
        try file.write(bytes.span, at: end)
    }

    /// Makes the records durable.
    func sync() throws(UploadDiskError) { try file.sync() }

    /// The newest epoch, which another process may have written. Reads one record.
    func currentEpoch() throws(UploadDiskError) -> UInt64 {
        let size = try file.size()
        let bytes = try file.read(Record.size, at: max(0, size - Int64(Record.size)))
        if let record = Record(bytes[...]) { return record.epoch }
        return try last()?.record.epoch ?? 0
    }

    func lock() throws(UploadDiskError) { try file.lock() }
    func unlock() { file.unlock() }
}

/// Reusable blocks for small output of a loop's connections. Loop-bound.
final class OutputBlocks {
    /// The size of a block.
    static let size = 8 << 10
    /// The most unused blocks to keep: as many as one turn may need again.
    static let kept = 256

    private let unused = Ring<ByteStorage>()

    func take() -> ByteStorage {
        unused.popLast() ?? ByteStorage(capacity: Self.size)
    }

    func giveBack(_ block: consuming ByteStorage) {
        if block.capacity == Self.size, unused.count < Self.kept { unused.append(block) }
    }
}

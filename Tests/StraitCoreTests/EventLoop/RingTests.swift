import StraitCore
import StraitTesting
import Testing

@Suite struct `A ring` {
    @Test func `behaves like an array`() async throws {
        try await withSeeds(200) { seed in
            var random = SeededGenerator(seed: seed)
            var ring = Ring<Int>()
            var model: [Int] = []
            for step in 0..<400 {
                switch Int.random(in: 0..<10, using: &random) {
                case 0...3:
                    ring.append(step)
                    model.append(step)
                case 4:
                    ring.prepend(step)
                    model.insert(step, at: 0)
                case 5, 6: #expect(ring.popFirst() == (model.isEmpty ? nil : model.removeFirst()), "seed \(seed)")
                case 7: #expect(ring.popLast() == model.popLast(), "seed \(seed)")
                case 8 where !model.isEmpty:
                    let index = Int.random(in: 0..<model.count, using: &random)
                    ring[index] += 1
                    model[index] += 1
                default:
                    let part = Int.random(in: 2...20, using: &random)
                    ring.removeAll { $0 % part == 0 }
                    model.removeAll { $0 % part == 0 }
                }
                if Int.random(in: 0..<50, using: &random) == 0 {
                    ring.removeAll(keepingCapacity: Int.random(in: 0...32, using: &random))
                    model.removeAll()
                }
                #expect((0..<ring.count).map { ring[$0] } == model, "seed \(seed)")
                #expect(ring.first == model.first, "seed \(seed)")
                #expect(ring.last == model.last, "seed \(seed)")
                #expect(ring.isEmpty == model.isEmpty, "seed \(seed)")
            }
        }
    }

    @Test func `releases elements that are taken or removed, and the rest when it is destroyed`() {
        func ring(_ living: Living) -> Ring<Held> {
            var ring = Ring<Held>()
            // The first elements are taken, so that the others wrap around to the start of the buffer.
            for _ in 0..<3 { ring.append(Held(living)) }
            for _ in 0..<3 { _ = ring.removeFirst() }
            for _ in 0..<3 { ring.append(Held(living)) }
            return ring
        }
        let living = Living()
        do {
            let ring = ring(living)
            #expect(living.count == ring.count)
        }
        #expect(living.count == 0)
        var one = ring(living)
        var another = one.takeAll()
        #expect(one.isEmpty && living.count == 3)
        _ = another.popLast()
        another.removeAll { _ in living.count == 2 }
        #expect(living.count == another.count)
        another.removeAll()
        #expect(living.count == 0)
    }
}

/// The number of living `Held` objects.
private final class Living {
    var count = 0
}

private final class Held {
    let living: Living

    init(_ living: Living) {
        self.living = living
        living.count += 1
    }

    deinit { living.count -= 1 }
}

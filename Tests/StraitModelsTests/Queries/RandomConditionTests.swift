import Foundation
import StraitCore
import StraitDatabase
import StraitModels
import StraitTesting
import Testing

@Model(app: "random") struct Owner {
    var name: String
    var age: Int?
}

@Model(app: "random") struct Pet {
    var count: Int
    var size: Int?
    var name: String?
    var isTame: Bool?
    @ForeignKey(onDelete: .setNull) var owner: Owner.ID?
}

/// Random conditions, whose rows are compared with those that a plain function finds.
@Suite struct `Random conditions` {
    /// A condition, and the function that decides the same. A comparison with an empty value is false.
    private struct Pair {
        let condition: @Sendable (Pet.Columns) -> Condition
        let holds: @Sendable (Pet, Owner?) -> Bool
    }

    private static func leaf(_ random: inout SeededGenerator) -> Pair {
        let number = Int.random(in: 0...3, using: &random)
        let text = ["a", "b_", "%", "A"][number]
        switch Int.random(in: 0...13, using: &random) {
        case 0:
            return Pair {
                $0.size == number
            } holds: { pet, _ in
                pet.size == number
            }
        case 1:
            return Pair {
                $0.size != number
            } holds: { pet, _ in
                pet.size != number
            }
        case 2:
            return Pair {
                $0.size == nil
            } holds: { pet, _ in
                pet.size == nil
            }
        case 3:
            return Pair {
                $0.size < number
            } holds: { pet, _ in
                pet.size.map { $0 < number } ?? false
            }
        case 4:
            return Pair {
                $0.isTame == true
            } holds: { pet, _ in
                pet.isTame == true
            }
        case 5:
            return Pair {
                $0.isTame == false
            } holds: { pet, _ in
                pet.isTame == false
            }
        case 6:
            return Pair {
                $0.name.hasPrefix(text)
            } holds: { pet, _ in
                pet.name.map { $0.lowercased().hasPrefix(text.lowercased()) } ?? false
            }
        case 7:
            return Pair {
                $0.name.isIn([text, "b_"])
            } holds: { pet, _ in
                pet.name.map { [text, "b_"].contains($0) } ?? false
            }
        case 8:
            return Pair {
                $0.owner.age == number
            } holds: { _, owner in
                owner?.age == number
            }
        case 9:
            return Pair {
                $0.owner.name == text
            } holds: { _, owner in
                owner?.name == text
            }
        case 10:
            return Pair {
                $0.size + $0.count > number
            } holds: { pet, _ in
                pet.size.map { $0 + pet.count > number } ?? false
            }
        case 11:
            return Pair {
                $0.size.or(number) == number
            } holds: { pet, _ in
                (pet.size ?? number) == number
            }
        case 12:
            return Pair {
                $0.size == $0.count
            } holds: { pet, _ in
                pet.size == pet.count
            }
        default:
            return Pair {
                $0.count.isIn(1...number + 1)
            } holds: { pet, _ in
                (1...number + 1).contains(pet.count)
            }
        }
    }

    private static func pair(_ depth: Int, _ random: inout SeededGenerator) -> Pair {
        guard depth > 0 else { return leaf(&random) }
        let left = pair(depth - 1, &random)
        if Int.random(in: 0...2, using: &random) == 0 {
            return Pair {
                !left.condition($0)
            } holds: {
                !left.holds($0, $1)
            }
        }
        let right = pair(depth - 1, &random)
        return switch Int.random(in: 0...2, using: &random) {
        case 0:
            Pair {
                left.condition($0) && right.condition($0)
            } holds: {
                left.holds($0, $1) && right.holds($0, $1)
            }
        case 1:
            Pair {
                left.condition($0) || right.condition($0)
            } holds: {
                left.holds($0, $1) || right.holds($0, $1)
            }
        default:
            Pair {
                left.condition($0) ^ right.condition($0)
            } holds: {
                left.holds($0, $1) != right.holds($0, $1)
            }
        }
    }

    @Test func `a query returns the rows for which its condition holds`() async throws {
        try await onBothEngines([Owner.self, Pet.self]) { database in
            var random = SeededGenerator(seed: 23)
            let owners = try await database.create(
                all: [("a", 1), ("b_", nil), ("A", 3)].map { Owner.Draft(name: $0.0, age: $0.1) })
            let pets = try await database.create(
                all: (0..<40).map { _ in
                    Pet.Draft(
                        count: Int.random(in: 0...3, using: &random),
                        size: Bool.random(using: &random) ? Int.random(in: 0...3, using: &random) : nil,
                        name: [nil, "a", "b_", "bx", "%", "A"][Int.random(in: 0...5, using: &random)],
                        isTame: [nil, true, false][Int.random(in: 0...2, using: &random)],
                        owner: [nil, owners[0].id, owners[1].id, owners[2].id][Int.random(in: 0...3, using: &random)])
                })
            let byID = Dictionary(uniqueKeysWithValues: owners.map { ($0.id, $0) })
            for _ in 0..<300 {
                let pair = Self.pair(Int.random(in: 0...3, using: &random), &random)
                let expected = pets.filter { pair.holds($0, $0.owner.flatMap { byID[$0] }) }.map(\.id)
                let query = Pet.objects.order { [$0.id.ascending] }
                // SQLite's LIKE ignores the case of letters in any case.
                if database.engine == .postgreSQL, query.filter(pair.condition).description.contains("LIKE") {
                    continue
                }
                let found = try await query.filter(pair.condition).all(in: database).map(\.id)
                let rest = try await query.exclude(pair.condition).count(in: database)
                #expect(found == expected, "\(query.filter(pair.condition))")
                #expect(rest == pets.count - expected.count, "\(query.exclude(pair.condition))")
                let flags = try await query.select(pair.condition).all(in: database)
                #expect(flags.count { $0 } == expected.count, "\(query.filter(pair.condition))")
            }
        }
    }
}

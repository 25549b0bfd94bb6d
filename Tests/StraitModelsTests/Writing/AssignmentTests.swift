import Foundation
import StraitDatabase
import StraitModels
import Testing

@Model(app: "assign") struct Shop {
    var name: String
    @Digits(5, places: 2) var price: Decimal = 1
}

@Model(app: "assign") struct Offer {
    @Digits(5, places: 2) var price: Decimal
    @ForeignKey(onDelete: .cascade) var shop: Shop.ID
}

@Suite struct Assignments {
    @Test func `other values of a form have the digits of their columns`() async throws {
        try await onBothEngines([Shop.self, Offer.self]) { database in
            let shop = try await database.create(Shop.Draft(name: "a"))
            let columns = Offer.Columns(path: JoinPath())
            let others: [Assignment<Offer>] = [columns.price.set(to: 1.005), columns.shop.set(to: shop.id)]
            let offer = try await database.store([], others, in: nil)
            #expect(offer.price == 1)
            let error = await #expect(throws: DatabaseError.self) {
                _ = try await database.store([], [columns.price.set(to: 12_345)], in: offer)
            }
            #expect(error?.columns == ["price"])
        }
    }

    @Test func `another value of a form can be calculated from the row, but not from another model`() async throws {
        try await onBothEngines([Shop.self, Offer.self]) { database in
            let shop = try await database.create(Shop.Draft(name: "a"))
            let offer = try await database.create(Offer.Draft(price: 1.5, shop: shop.id))
            let path = JoinPath()
            let columns = Offer.Columns(path: path)
            let changed = try await database.store([], [columns.price.set(to: columns.price * 2)], of: path, in: offer)
            #expect(changed.price == 3)
            await #expect(throws: QueryError.joinedColumn) {
                _ = try await database.store([], [columns.price.set(to: columns.shop.price)], of: path, in: offer)
            }
            let other = Offer.Columns(path: JoinPath())
            await #expect(throws: QueryError.foreignColumn("price")) {
                _ = try await database.store([], [columns.price.set(to: other.price)], of: path, in: offer)
            }
        }
    }

    @Test func `a column of another model cannot be changed`() async throws {
        try await onBothEngines([Shop.self, Offer.self]) { database in
            let shop = try await database.create(Shop.Draft(name: "a"))
            let offer = try await database.create(Offer.Draft(price: 1, shop: shop.id))
            let columns = Offer.Columns(path: JoinPath())
            await #expect(throws: QueryError.foreignColumn("name")) {
                _ = try await database.store([], [columns.shop.name.set(to: "b")], in: offer)
            }
            await #expect(throws: QueryError.foreignColumn("name")) {
                try await Offer.objects.update(in: database) { [$0.shop.name.set(to: "b")] }
            }
        }
    }
}

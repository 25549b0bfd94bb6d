import StraitDatabase
import StraitModels
import Testing

@Model(app: "pages") struct Reading {
    var number: Double?
}

@Suite struct Pages {
    @Test func `pages go on after infinite numbers and numbers that are none`() async throws {
        try await onBothEngines([Reading.self]) { database in
            _ = try await database.create(
                all: [.infinity, 1.5, nil, -.infinity, 2, .infinity].map { Reading.Draft(number: $0) })
            if database.engine == .postgreSQL {
                try await database.execute("INSERT INTO pages_reading (number) VALUES ('NaN'), ('NaN')")
            }
            for query in [
                Reading.objects.order { [$0.number.ascending] }, Reading.objects.order { [$0.number.descending] },
            ] {
                var ids: [Reading.ID] = []
                var cursor: PageCursor?
                repeat {
                    let page = try await query.page(after: cursor, size: 1, in: database)
                    ids += page.rows.map(\.id)
                    cursor = page.next.flatMap { PageCursor($0.description) }
                    #expect((page.next == nil) == (cursor == nil))
                } while cursor != nil && ids.count < 20
                let all = try await query.page(after: nil, size: 20, in: database)
                #expect(ids == all.rows.map(\.id) && ids.count == (database.engine == .sqlite ? 6 : 8))
            }
        }
    }
}

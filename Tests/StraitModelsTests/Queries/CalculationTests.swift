import Foundation
import StraitCore
import StraitDatabase
import StraitModels
import Testing

@Model(app: "calc") struct Ware {
    var name: String
    @Digits(8, places: 2) var price: Decimal?
    var count: Int
    var extra: Int?
    var note: String?
    var soldAt: Date?
    var day: PlainDate?
    var clock: PlainTime?
    var isOld: Bool
    var isNew: Bool?
    var code: UUID
    var blob: Bytes
}

/// Calculations, with a row whose optional columns are empty.
@Suite struct Calculations {
    private func withWares(_ body: (Database) async throws -> Void) async throws {
        try await onBothEngines([Ware.self]) { database in
            let time = Date(timeIntervalSince1970: 1_709_209_845)
            _ = try await database.create(all: [
                Ware.Draft(
                    name: "a", price: 1.5, count: 2, extra: 3, note: "Näht", soldAt: time,
                    day: PlainDate(year: 2024, month: 2, day: 29), clock: PlainTime(hour: 12, minute: 30), isOld: true,
                    isNew: false, code: #require(UUID(uuidString: "FF000000-0000-0000-0000-000000000001")),
                    blob: [0xFF]),
                Ware.Draft(
                    name: "b", count: 4, isOld: false,
                    code: #require(UUID(uuidString: "0A000000-0000-0000-0000-000000000002")), blob: [0, 1]),
            ])
            try await body(database)
        }
    }

    private let wares = Ware.objects.order { [$0.name.ascending] }

    @Test func `a calculation on an empty column is nil`() async throws {
        try await withWares { database in
            let numbers = try await wares.select { ($0.price * 2, $0.count + $0.extra, $0.extra - $0.count) }
                .all(in: database)
            #expect(numbers.map(\.0) == [3, nil] && numbers.map(\.1) == [5, nil] && numbers.map(\.2) == [1, nil])
            let more = try await wares.select { ($0.count * $0.extra, $0.count / $0.extra, $0.extra.magnitude) }
                .all(in: database)
            #expect(more.map(\.0) == [6, nil] && more.map(\.1) == [0, nil] && more.map(\.2) == [3, nil])
            let texts = try await wares.select { ($0.note.length, $0.note.uppercased, $0.note.or("-").length) }
                .all(in: database)
            #expect(texts.map(\.0) == [4, nil] && texts.map(\.1?.count) == [4, nil] && texts.map(\.2) == [4, 1])
        }
    }

    @Test func `a part of an empty date or time is nil`() async throws {
        try await withWares { database in
            let dates = try await wares.select { ($0.soldAt.year, $0.soldAt.hour, $0.soldAt.date, $0.soldAt.time) }
                .all(in: database)
            #expect(dates.map(\.0) == [2024, nil] && dates.map(\.1) == [12, nil])
            #expect(dates.map { $0.2?.description } == ["2024-02-29", nil])
            #expect(dates.map { $0.3?.description } == ["12:30:45", nil])
            let days = try await wares.select {
                ($0.day.month, $0.day.weekday, $0.day.isoWeek, $0.day.quarter, $0.day.start(of: .month))
            }.all(in: database)
            #expect(days.map(\.0) == [2, nil] && days.map(\.1) == [5, nil] && days.map(\.2) == [9, nil])
            #expect(days.map(\.3) == [1, nil] && days.map { $0.4?.description } == ["2024-02-01", nil])
            let clocks = try await wares.select { ($0.clock.minute, $0.clock.second) }.all(in: database)
            #expect(clocks.map(\.0) == [30, nil] && clocks.map(\.1) == [0, nil])
            let found = try await wares.filter { $0.soldAt.year == 2024 && $0.day.month > 1 }.all(in: database)
            #expect(found.map(\.name) == ["a"])
        }
    }

    @Test func `a condition on an empty column is read as false`() async throws {
        try await withWares { database in
            let results = try await wares.select {
                ($0.extra == 3, $0.extra > 1 && $0.count > 1, !($0.extra == 3), Condition($0.isNew.or(true)))
            }.all(in: database)
            #expect(results.map(\.0) == [true, false] && results.map(\.1) == [true, false])
            #expect(results.map(\.2) == [false, true] && results.map(\.3) == [false, true])
        }
    }

    @Test func `truth values, UUIDs and bytes have a smallest and a greatest value`() async throws {
        try await withWares { database in
            let (least, greatest, new) = try await wares.aggregate(in: database) {
                ($0.isOld.min, $0.isOld.max, $0.isNew.max)
            }
            #expect(least == false && greatest == true && new == false)
            let (low, high) = try await wares.aggregate(in: database) { ($0.code.min, $0.code.max) }
            #expect(low?.uuidString.first == "0" && high?.uuidString.first == "F")
            let (first, last) = try await wares.aggregate(in: database) { ($0.blob.min, $0.blob.max) }
            #expect(first == [0, 1] && last == [0xFF])
            let none = try await wares.filter { $0.count > 9 }.aggregate(in: database) { $0.isOld.max }
            #expect(none == nil)
        }
    }
}

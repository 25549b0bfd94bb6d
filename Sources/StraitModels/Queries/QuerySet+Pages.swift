public import StraitDatabase
internal import FoundationEssentials
internal import StraitCore

/// A page of rows, and the place of the next one.
public struct Page<M: Model>: Sendable {
    /// The rows.
    public let rows: [M]
    /// The place after the last row, for the next page; nil if there are no more rows.
    public let next: PageCursor?
}

/// A position between two rows of an order: the sort values of the row before it.
///
/// Its text can be part of a link, such as `?after=WzcsIlNlYSJd`. A client that changes it can only move the
/// position.
public struct PageCursor: Sendable, Hashable, LosslessStringConvertible {
    let values: [DatabaseValue]

    init(_ values: [DatabaseValue]) { self.values = values }

    /// Reads a cursor from text. Returns nil for other text.
    public init?(_ description: String) {
        guard description.utf8.count <= 8192, let data = Data(base64Encoded: Self.padded(description)),
            let parts = try? JSONDecoder().decode([Part].self, from: data)
        else { return nil }
        values = parts.map(\.value)
    }

    /// The cursor as text of letters, digits, `-` and `_`.
    public var description: String {
        let data = (try? JSONEncoder().encode(values.map(Part.init))) ?? Data()
        return data.base64EncodedString().filter { $0 != "=" }.map { letter in
            letter == "+" ? "-" : letter == "/" ? "_" : String(letter)
        }.joined()
    }

    private static func padded(_ text: String) -> String {
        let letters = text.map { $0 == "-" ? "+" : $0 == "_" ? "/" : $0 }
        return String(letters) + String(repeating: "=", count: (4 - letters.count % 4) % 4)
    }

    /// A value in JSON: null, a number, a text, a list of bytes, or an object with a number that JSON does not have.
    private struct Part: Codable {
        private struct Special: Codable {
            let number: String
        }

        let value: DatabaseValue

        init(_ value: DatabaseValue) { self.value = value }

        init(from decoder: any Decoder) throws {
            let container = try decoder.singleValueContainer()
            if container.decodeNil() {
                value = .null
            } else if let number = try? container.decode(Int64.self) {
                value = .integer(number)
            } else if let number = try? container.decode(Double.self) {
                value = .double(number)
            } else if let text = try? container.decode(String.self) {
                value = .text(text)
            } else if let special = try? container.decode(Special.self) {
                switch special.number {
                case "inf": value = .double(.infinity)
                case "-inf": value = .double(-.infinity)
                case "nan": value = .double(.nan)
                default: throw QueryError.invalidCursor
                }
            } else {
                value = .bytes(Bytes(try container.decode([UInt8].self)))
            }
        }

        func encode(to encoder: any Encoder) throws {
            var container = encoder.singleValueContainer()
            switch value {
            case .null: try container.encodeNil()
            case .integer(let number): try container.encode(number)
            case .double(let number) where number.isFinite: try container.encode(number)
            case .double(let number): try container.encode(Special(number: "\(number)"))
            case .text(let text): try container.encode(text)
            case .bytes(let bytes): try container.encode(Array(bytes))
            }
        }
    }
}

extension QuerySet {
    /// Returns a page of the rows in their order. Unlike a slice, a page costs the same at any distance from the
    /// first row, and pages repeat no row when others are added or deleted.
    ///
    /// ```swift
    /// let newest = Photo.objects.order { [$0.createdAt.descending] }
    /// let page = try await newest.page(after: PageCursor(request.query["after"] ?? ""), size: 20, in: database)
    /// ```
    ///
    /// - Parameters:
    ///   - cursor: The place after which the page begins, or nil for the first page.
    ///   - size: The maximum number of rows.
    ///   - database: The database.
    /// - Throws: ``QueryError/invalidCursor`` if the cursor belongs to another order or has values of other types;
    ///   ``/StraitDatabase/DatabaseError``; `CancellationError`.
    public func page(after cursor: PageCursor?, size: Int, in database: Database) async throws -> Page<M> {
        var query = state
        query.change("page")
        var orders = query.effectiveOrders
        // The ID makes the order of rows with equal values certain.
        if !orders.contains(where: { $0.node.columnName == query.table.primaryKey.column }) {
            orders.append(Order(node: query.key, isDescending: orders.last?.isDescending ?? false))
        }
        query.orders = orders
        if let cursor {
            guard cursor.values.count == orders.count else { throw QueryError.invalidCursor }
            query.conditions.append(Self.after(cursor.values, orders, database.engine).node)
        }
        let size = min(max(0, size), Int.max - 1)
        query.limit = size + 1
        let count = query.statements.width
        let sql = try query.select([query.allColumns] + orders.map(\.node), for: database.engine)
        let rows: [(M, [DatabaseValue])]
        do {
            rows = try await database.query(sql) { [keys = orders.count] row throws(DatabaseError) in
                (try M(row: row, at: 0), (count..<count + keys).map { row[$0] })
            }
        } catch let error as DatabaseError where cursor != nil && [.syntax, .value].contains(error.code) {
            // PostgreSQL compares no values of different types.
            throw QueryError.invalidCursor
        }
        let page = rows.prefix(size)
        return Page(
            rows: page.map(\.0), next: rows.count > page.count ? page.last.map { PageCursor($0.1) } : nil)
    }

    /// The rows after a place: those with a greater value in the first order, or with the same value there and a
    /// greater one in the second, and so on.
    private static func after(_ values: [DatabaseValue], _ orders: [Order], _ engine: DatabaseEngine) -> Condition {
        var result = Condition.never
        var isSame: Condition?
        for (order, value) in zip(orders, values) {
            let (greater, node) = (isGreater(order, value, engine), order.node.result)
            result = result || (isSame.map { $0 && greater } ?? greater)
            let same =
                value == .null
                ? Condition(ExpressionNode(.isNull(node))) : Condition("\(node) = \(value: value)")
            isSame = isSame.map { $0 && same } ?? same
        }
        return result
    }

    /// The rows that come after those with `value` in an order.
    private static func isGreater(_ order: Order, _ value: DatabaseValue, _ engine: DatabaseEngine) -> Condition {
        // SQLite takes an empty column for the smallest value, PostgreSQL for the greatest.
        let isNullFirst = order.nulls.map { $0 == .first } ?? ((engine == .sqlite) != order.isDescending)
        let node = order.node.result
        let isNull = Condition(ExpressionNode(.isNull(node)))
        if value == .null { return isNullFirst ? !isNull : .never }
        let greater: Condition =
            order.isDescending
            ? Condition("\(node) < \(value: value)") : Condition("\(node) > \(value: value)")
        return isNullFirst || !order.node.mayBeNull ? greater : greater || isNull
    }
}

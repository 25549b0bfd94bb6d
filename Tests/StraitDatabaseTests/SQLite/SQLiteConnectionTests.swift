import Foundation
import StraitCore
import StraitDatabase
import TestFolders
import Testing

@Suite struct `SQLite connections` {
    private func memory() throws -> SQLiteConnection { try SQLiteConnection(path: ":memory:") }

    private struct DatabaseFailure: Error {}

    /// Returns the error of `body`.
    private func failure(_ body: () throws(DatabaseError) -> Void) -> DatabaseError? {
        do throws(DatabaseError) {
            try body()
            return nil
        } catch { return error }
    }

    @Test(
        arguments: [
            .null, .integer(0), .integer(.max), .integer(.min), .double(0.1), .double(-.infinity), .text(""),
            .text("a\0b"),
            .text("\u{1F600}é"), .text("'; DROP TABLE t; --"), .bytes(Bytes()), .bytes(Bytes([0, 255, 0])),
        ] as [DatabaseValue])
    func `a value that is bound comes back unchanged`(value: DatabaseValue) throws {
        let database = try memory()
        #expect(try database.query("SELECT \(value)") { $0[0] } == [value])
        try database.execute("CREATE TABLE t (x)")
        try database.execute("INSERT INTO t VALUES (\(value))")
        #expect(try database.query("SELECT x, typeof(x) FROM t WHERE x IS \(value)") { $0[0] } == [value])
    }

    @Test func `values are stored as Django stores them`() throws {
        let database = try memory()
        let id = try #require(UUID(uuidString: "00112233-4455-6677-8899-AABBCCDDEEFF"))
        let date = Date(timeIntervalSince1970: 1_772_288_999.0002)
        let before = Date(timeIntervalSince1970: -1)
        let row = try database.query("SELECT \(true), \(id), \(date), \(before), \(nil as Int?)") { row in
            var values: [DatabaseValue] = []
            for index in 0..<row.count { values.append(row[index]) }
            return values
        }
        #expect(
            row == [
                [
                    .integer(1), .text("00112233445566778899aabbccddeeff"), .text("2026-02-28 14:29:59.000200"),
                    .text("1969-12-31 23:59:59"), .null,
                ]
            ])
        let far = Date(timeIntervalSince1970: 1e15)
        #expect(failure { () throws(DatabaseError) in try database.execute("SELECT \(far)") }?.code == .value)
        let nan = Date(timeIntervalSince1970: .nan)
        #expect(failure { () throws(DatabaseError) in try database.execute("SELECT \(nan)") }?.code == .value)
        #expect(failure { () throws(DatabaseError) in try database.execute("SELECT \(Double.nan)") }?.code == .value)
    }

    @Test func `execute returns the number of changed rows, and a statement can be run again`() throws {
        let database = try memory()
        try database.execute("CREATE TABLE t (id INTEGER PRIMARY KEY, x TEXT)")
        for number in 0..<300 { #expect(try database.execute("INSERT INTO t (x) VALUES (\("\(number)"))") == 1) }
        #expect(database.lastInsertedID == 300)
        #expect(try database.execute("UPDATE t SET x = 'y' WHERE id > \(100)") == 200)
        #expect(try database.query("SELECT count(*) FROM t WHERE x = \("y")") { $0[0] } == [.integer(200)])
    }

    @Test func `a query can run inside the same query`() throws {
        let database = try memory()
        let outer = try database.query("SELECT 1 UNION SELECT 2") { row throws(DatabaseError) in
            (row[0], try database.query("SELECT 1 UNION SELECT 2") { $0[0] })
        }
        #expect(outer.map(\.0) == [.integer(1), .integer(2)])
        #expect(outer.allSatisfy { $0.1 == [.integer(1), .integer(2)] })
    }

    @Test func `more different statements than the cache keeps can be used`() throws {
        let database = try memory()
        for _ in 0..<2 {
            for number in 0..<200 {
                let row = try database.query("SELECT \(number) AS \(identifier: "c\(number)\"")") { $0[0] }
                #expect(row == [.integer(Int64(number))])
            }
        }
    }

    @Test func `a quote in a name is doubled, even before a combining mark`() throws {
        let database = try memory()
        let name = "a\"\u{301} FROM x --"
        try database.execute("CREATE TABLE \(identifier: name) (x)")
        #expect(try database.query("SELECT name FROM sqlite_master") { $0[0] } == [.text(name)])
    }

    @Test func `statements whose texts are equal as strings are told apart`() throws {
        let database = try memory()
        #expect(try database.query("SELECT '\u{E9}'") { $0[0] } == [.text("\u{E9}")])
        let other = try database.query("SELECT 'e\u{301}'") { $0[0] }
        guard case .text(let text) = other.first else { throw DatabaseFailure() }
        #expect(Array(text.utf8) == Array("e\u{301}".utf8))
    }

    @Test func `a list of values is bound, and an empty list matches nothing`() throws {
        let database = try memory()
        func value(_ sql: SQL) throws -> DatabaseValue? { try database.query(sql) { $0[0] }.first }
        #expect(try value("SELECT 2 IN (\(list: [1, 2]))") == .integer(1))
        #expect(try value("SELECT 2 IN (\(list: [Int]()))") == .integer(0))
        #expect(try value("SELECT 2 NOT IN (\(list: [Int]()))") == .integer(1))
    }

    @Test func `a failed constraint is reported with table, columns and name`() throws {
        let database = try memory()
        try database.execute(
            """
            CREATE TABLE a (
                id INTEGER PRIMARY KEY, x TEXT NOT NULL, y INT, z INT, UNIQUE (y, z), CONSTRAINT low CHECK (z < 9))
            """
        )
        try database.execute("CREATE TABLE b (a INTEGER NOT NULL REFERENCES a (id))")
        try database.execute("INSERT INTO a VALUES (1, 'x', 1, 1)")
        let unique = failure { () throws(DatabaseError) in try database.execute("INSERT INTO a VALUES (2, 'x', 1, 1)") }
        #expect(unique?.code == .unique && unique?.table == "a" && unique?.columns == ["y", "z"])
        #expect(
            unique?.description == "Another row of a has the same y, z. Change this row, or update the other one.")
        let key = failure { () throws(DatabaseError) in try database.execute("INSERT INTO a VALUES (1, 'x', 2, 1)") }
        #expect(key?.code == .unique && key?.columns == ["id"])
        let null = failure { () throws(DatabaseError) in try database.execute("INSERT INTO a VALUES (3, NULL, 2, 2)") }
        #expect(null?.code == .notNull && null?.table == "a" && null?.columns == ["x"])
        let check = failure { () throws(DatabaseError) in try database.execute("INSERT INTO a VALUES (3, 'x', 2, 9)") }
        #expect(check?.code == .check && check?.constraint == "low")
        let foreign = failure { () throws(DatabaseError) in try database.execute("INSERT INTO b VALUES (7)") }
        #expect(foreign?.code == .foreignKey)
    }

    @Test func `other errors say what is wrong and what to do`() throws {
        let database = try memory()
        func text(_ sql: SQL) -> String? {
            failure { () throws(DatabaseError) in try database.execute(sql) }?.description
        }
        #expect(text("SELECT * FROM photos") == "The table photos does not exist. Run the command migrate.")
        #expect(
            text("SELECT caption FROM (SELECT 1 AS x)") == "The column caption does not exist. Run the command migrate."
        )
        #expect(
            text("SELECT \(identifier: "caption") FROM (SELECT 1 AS x)")
                == "The column caption does not exist. Run the command migrate.")
        #expect(text("SELEC 1") == #"SQLite rejects the statement: near "SELEC": syntax error."#)
        #expect(text("SELECT 1; DELETE FROM a") == "The text has more than one statement. Run each by itself.")
        #expect(text("SELECT 1; \n") == nil)
        #expect(text(" -- nothing") == "The statement is empty. Pass an SQL statement.")
        #expect(
            text("SELECT 1 IN (\(list: Array(repeating: 1, count: 300_000)))")?
                .hasPrefix("The statement has 300000 parameters, but SQLite allows ") == true)
    }

    @Test func `a file that is no database or has no folder is a connection error`() async throws {
        try await withTemporaryFolder { folder in
            let missing = failure { () throws(DatabaseError) in _ = try SQLiteConnection(path: folder + "/none/a.db") }
            #expect(missing?.code == .connection)
            #expect(
                missing?.description == """
                    The database \(folder)/none/a.db cannot be opened: unable to open database file. Check that its \
                    folder exists and that the server may write to it.
                    """)
            let path = folder + "/text.db"
            try Data("This is only text, and long enough to be a header.".utf8).write(to: URL(filePath: path))
            #expect(failure { () throws(DatabaseError) in _ = try SQLiteConnection(path: path) }?.code == .connection)
        }
    }

    @Test func `readers see the state before an open transaction and never wait for it`() async throws {
        try await withTemporaryFolder { folder in
            let path = folder + "/a.db"
            let writer = try SQLiteConnection(path: path)
            try writer.execute("CREATE TABLE t (x)")
            let reader = try SQLiteConnection(path: path, access: .readOnly, busyTimeout: .zero)
            try writer.execute("BEGIN IMMEDIATE")
            #expect(writer.isInTransaction)
            try writer.execute("INSERT INTO t VALUES (1)")
            #expect(try reader.query("SELECT count(*) FROM t") { $0[0] } == [.integer(0)])
            // A second writer finds the database locked.
            let other = try SQLiteConnection(path: path, busyTimeout: .zero)
            let busy = failure { () throws(DatabaseError) in try other.execute("INSERT INTO t VALUES (2)") }
            #expect(busy?.code == .busy)
            try writer.execute("COMMIT")
            #expect(try reader.query("SELECT count(*) FROM t") { $0[0] } == [.integer(1)])
            #expect(failure { () throws(DatabaseError) in try reader.execute("DELETE FROM t") }?.code == .other)
        }
    }
}

import Foundation
import StraitCore
import StraitDatabase
import StraitModels
import Testing

@Model struct Person {
    @MaxLength(150) @Unique var username: String
    var isActive: Bool
}

@Model(table: "gallery_photo") struct Photo {
    var caption: String
    @MaxLength(100) @Indexed var slug: String
    @ForeignKey(onDelete: .cascade) var owner: Person.ID
    @ForeignKey(onDelete: .setNull) var reviewer: Person.ID?
    @Column("url") var imageURL: String?
    var createdAt: Date
    var key: UUID
    var likes: Int32
    var score: Double?
    var data: Bytes
    var `default`: Bool?

    /// A computed property is no field.
    var isLiked: Bool { likes > 0 }
    static let limit = 3
}

@Model(app: "tree") struct Branch {
    var name: String
    @ForeignKey(onDelete: .cascade) var parent: Branch.ID?

    static let options: [ModelOption<Branch>] = [.unique("one") { [$0.parent, $0.name] }]
}

@Model(app: "tree") struct Twig {
    var name: String

    static let options: [ModelOption<Twig>] = [
        .ordering { [$0.name.ascending(nulls: .last)] }, .unique("one") { [$0.name, $0.name.lowercased] },
    ]
}

@Model(app: "tree") struct Leaf {
    var size: Double
    @ForeignKey(onDelete: .cascade) var branch: Branch.ID

    static let options: [ModelOption<Leaf>] = [
        .check("joined") { $0.branch.name == "a" }, .check("infinite") { $0.size < .infinity },
        .check("none") { $0.size < .nan },
        .index("query", where: { leaf in .exists(Branch.objects.filter { $0.id == leaf.branch }) }) { [$0.size] },
        .unique("fine", where: { $0.size > 1 }) { [$0.size] },
    ]
}

@Suite struct Models {
    @Test func `tables, columns and kinds have Django's names`() {
        #expect(Person.table.name == "strait_models_tests_person")
        #expect(Photo.table.name == "gallery_photo")
        #expect(
            Photo.table.columnNames == [
                "id", "caption", "slug", "owner_id", "reviewer_id", "url", "created_at", "key", "likes", "score",
                "data",
                "default",
            ])
        let fields = Dictionary(uniqueKeysWithValues: Photo.table.fields.map { ($0.name, $0) })
        #expect(fields["caption"]?.kind == .text && fields["slug"]?.kind == .char(maxLength: 100))
        #expect(fields["slug"]?.isIndexed == true && Person.table.fields[1].isUnique)
        #expect(fields["owner"]?.kind == .foreignKey && fields["owner"]?.isOptional == false)
        #expect(fields["reviewer"]?.isOptional == true && fields["reviewer"]?.reference?.onDelete == .setNull)
        #expect(fields["owner"]?.reference?.model.description == "strait_models_tests.Person")
        #expect(fields["likes"]?.kind == .integer && fields["score"]?.kind == .float && fields["key"]?.kind == .uuid)
    }

    @Test func `the options of a model can name its own foreign keys`() {
        #expect(
            Branch.table.constraints == [ModelConstraint(name: "one", .unique(["parent_id", "name"], condition: nil))])
    }

    @Test func `a mistake that the macro cannot see is reported by the table`() {
        var field = ModelField("size", name: "size", column: "size", Int.self, [.maxLength(3)])
        #expect(
            field.mistakes == [
                "@MaxLength of `size` does not fit its type. Remove it, or make the field a String."
            ])
        field = ModelField("at", name: "at", column: "at", String.self, [.autoNow])
        #expect(field.mistakes.count == 1 && field.autoNow == nil)
    }

    @Test func `two fields with the same name in Django or the same column are mistakes`() {
        func field(_ property: String, _ name: String, _ column: String) -> ModelField {
            ModelField(property, name: name, column: column, kind: .text)
        }
        let table = ModelTable(
            ModelName(app: "tree", name: "Leaf"),
            fields: [
                field("imageURL", "image_url", "a"), field("imageUrl", "image_url", "b"), field("other", "other", "a"),
            ])
        #expect(
            table.mistakes == [
                "tree.Leaf: Two fields have the name image_url in Django. Rename one of them.",
                "tree.Leaf: Two fields have the column a. Give one of them another with @Column.",
            ])
    }

    @Test func `an ID of another model without a foreign key is a mistake`() {
        var id = ModelField("id", name: "id", column: "id", kind: .bigAuto)
        id.isPrimaryKey = true
        let table = ModelTable(
            ModelName(app: "tree", name: "Leaf"),
            fields: [id, ModelField("twig", name: "twig", column: "twig", kind: .bigAuto)])
        #expect(
            table.mistakes == [
                "tree.Leaf: `twig` is the ID of another model. Write @ForeignKey(onDelete: …) or @OneToOne before it, "
                    + "or store the number as an Int."
            ])
    }

    @Test func `an option with a calculation is a mistake`() {
        #expect(Twig.table.constraints == [ModelConstraint(name: "one", .unique(["name"], condition: nil))])
        #expect(Twig.table.mistakes.count == 2)
        #expect(Twig.table.mistakes[0].hasPrefix("tree.Twig: The option .ordering takes columns of the model itself"))
    }

    @Test func `a condition that a database cannot check is a mistake`() {
        let mistakes = Leaf.table.mistakes
        #expect(
            mistakes == [
                "tree.Leaf: The condition of the option .check has the column name of another model, which a database "
                    + "cannot check. Use columns of the model itself.",
                "tree.Leaf: The condition of the option .check cannot be stored: The definition of a table cannot have "
                    + "the number inf.",
                "tree.Leaf: The condition of the option .check cannot be stored: The number NaN cannot be stored. "
                    + "Store nil in an optional field.",
                "tree.Leaf: The condition of the option .index cannot be stored: The definition of a table cannot have "
                    + "a query. Use columns only.",
            ])
        #expect(
            Leaf.table.constraints.last
                == ModelConstraint(name: "fine", .unique(["size"], condition: "\"size\" > 1.0")))
    }

    @Test func `indexes have Django's names`() {
        // Computed by Django 5.2.
        #expect(
            ModelIndex.defaultName(table: "gallery_photo", [ColumnOrder("created_at", isDescending: true)])
                == "gallery_pho_created_1e6ca6_idx")
    }

    private func database() throws -> SQLiteConnection {
        let database = try SQLiteConnection(path: ":memory:")
        try database.execute(
            """
            CREATE TABLE gallery_photo (
                id INTEGER PRIMARY KEY, caption, slug, owner_id, reviewer_id, url, created_at, key, likes, score, data,
                "default")
            """)
        return database
    }

    @Test func `a row that was written is read as the same model`() throws {
        let photo = Photo(
            id: Photo.ID(7), caption: "Sea \u{1F30A} 'x'", slug: "sea", owner: Person.ID(3), reviewer: nil,
            imageURL: "/a.jpg", createdAt: Date(timeIntervalSince1970: 1_772_288_999.25), key: UUID(), likes: .max,
            score: 3, data: Bytes([0, 1, 255]), default: true)
        let database = try database()
        try database.execute(
            """
            INSERT INTO gallery_photo VALUES (
                \(photo.id), \(photo.caption), \(photo.slug), \(photo.owner), \(photo.reviewer), \(photo.imageURL),
                \(photo.createdAt), \(photo.key), \(photo.likes), \(photo.score), \(photo.data), \(photo.default))
            """)
        let read = try #require(
            try database.query("SELECT * FROM gallery_photo") { row throws(DatabaseError) in try Photo(row: row, at: 0)
            }.first
        )
        #expect(read.id == photo.id && read.caption == photo.caption && read.owner == photo.owner)
        #expect(read.reviewer == nil && read.imageURL == photo.imageURL && read.createdAt == photo.createdAt)
        #expect(read.key == photo.key && read.likes == photo.likes && read.score == photo.score)
        #expect(read.data == photo.data && read.default == true)
    }

    @Test func `a column with another type than its property is named in the error`() throws {
        let database = try SQLiteConnection(path: ":memory:")
        func text(_ sql: SQL) -> String? {
            do throws(DatabaseError) {
                _ = try database.query(sql) { row throws(DatabaseError) in try Person(row: row, at: 0) }
                return nil
            } catch { return error.description }
        }
        #expect(
            text("SELECT 1 AS id, NULL AS username, 1 AS is_active")
                == "The column username is empty. Change the field's type to the stored one, or migrate the column.")
        #expect(
            text("SELECT 1 AS id, 'ann' AS username, 2 AS is_active")?.contains("the value 2, which is not 0 or 1")
                == true)
        #expect(text("SELECT 'x' AS id, 'ann', 1")?.hasPrefix("The column id has the value \"x\"") == true)
        #expect(text("SELECT 1, 'ann', 1") == nil)
    }

    @Test(
        arguments: [
            ("2026-02-28 14:29:59", 1_772_288_999), ("2026-02-28T14:29:59.5Z", 1_772_288_999.5),
            ("2026-02-28 16:29:59.000000+02", 1_772_288_999), ("0001-01-01 00:00:00", -62_135_596_800),
            ("2026-02-30 00:00:00", nil), ("2026-02-28", nil), ("2026-02-28 14:29:59x", nil), ("", nil),
        ] as [(String, Double?)])
    func `a stored time is read with its fraction and offset`(text: String, seconds: Double?) throws {
        let database = try SQLiteConnection(path: ":memory:")
        let date = try? database.query("SELECT \(text)") { row throws(DatabaseError) in try row.read(0) as Date }.first
        #expect(date?.timeIntervalSince1970 == seconds)
    }

    @Test func `an interval that a Duration cannot hold is an error`() async throws {
        let database = Database(sqlite: ":memory:")
        func read(_ text: String) async throws -> Duration? {
            try await database.query("SELECT \(text)") { row throws(DatabaseError) in try row.read(0) as Duration }
                .first
        }
        let short = try await read("1 year 2 mons -3 days +04:05:06.789")
        #expect(short == .seconds(422 * 86_400 + 14_706) + .milliseconds(789))
        for text in ["106751991167300 days", "-106751991167300 days 00:00:01"] { _ = try await read(text) }
        let long = Array(repeating: "106751991167300 days", count: 40).joined(separator: " ")
        for text in [long, "99999999999999999999 days", "1 day 2", "1:2", ""] {
            let error = await #expect(throws: DatabaseError.self) { try await read(text) }
            #expect(error?.code == .value)
        }
        await database.stop()
    }

    @Test func `the last time of the year 9999 is read as a time that can be stored`() async throws {
        let database = Database(sqlite: ":memory:")
        let date = try await database.query("SELECT '9999-12-31 23:59:59.999999'") { row throws(DatabaseError) in
            try row.read(0) as Date
        }[0]
        let text = try date.databaseValue(for: .sqlite)
        #expect("\(text)".hasPrefix("\"9999-12-31 23:59:59.9999"))
        await database.stop()
    }
}

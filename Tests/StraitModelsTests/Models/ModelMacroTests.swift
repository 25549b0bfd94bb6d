import TestFolders
import Testing

/// Compiles declarations of models with the built macro.
@Suite struct `Declarations of models` {
    @Test func `a mistake gets an error that says what to write`() async throws {
        let mistakes = try await compilerErrors(
            """
            import FoundationEssentials
            import StraitModels
            @Model struct A { var x = 1 }
            @Model struct B { var (x, y): (Int, Int) }
            @Model struct C { var id: Int }
            @Model struct D { @ForeignKey(onDelete: .cascade) var owner: A }
            @Model struct E { @MaxLength(3) var x: Int }
            @Model class F { var x: Int = 1 }
            @Model struct G { @ForeignKey(onDelete: .setNull) var owner: C.ID }
            @Model struct H { let x: Int = 1 }
            @Model struct I { @PrimaryKey var a: String; @PrimaryKey var b: String }
            @Model struct J { @AutoNow var changedAt: Date = Date() }
            @Model struct K { @ManyToMany var tags: [Int] }
            @Model struct L { @Slug var x: Int }
            @Model struct M { @OneToOne(onDelete: .cascade) var owner: A }
            @Model struct N { var options: Int }
            @Model struct Draft { var x: Int }
            @Model struct O { @ManyToMany @Unique var tags: Links<C> }
            """)
        let expected = [
            "A field of a model needs a type. Write `var x: String`.",
            "A field of a model needs a single name. Write `var caption: String`.",
            "@Model declares `id` itself. Remove it, or write `@PrimaryKey` before it.",
            "The type of a foreign key is the ID of its model. Write `@ForeignKey(onDelete: .cascade) var owner: "
                + "User.ID`, or `User.ID?` if it may be nil.",
            "@MaxLength is for text. Remove it, or make `x` a String.",
            "@Model is for a struct. Declare the model as `struct`.",
            "A foreign key with .setNull must be optional. Write `C.ID?`, or another rule.",
            "A field with a default value must be a variable. Write `var x`.",
            "A model has one primary key. Remove @PrimaryKey from all fields but one.",
            "The framework sets `changedAt`. Remove its default value.",
            "A many-to-many field needs the type Links. Write `@ManyToMany var tags: Links<Tag>`.",
            "@Slug is for text. Remove it, or make `x` a String.",
            "The type of a foreign key is the ID of its model. Write `@OneToOne(onDelete: .cascade) var owner: "
                + "User.ID`, or `User.ID?` if it may be nil.",
            "@Model declares `options` itself. Rename this property.",
            "@Unique is not for a many-to-many field. Remove it.",
            "@Model declares a type `Draft` inside of each model. Rename this one.",
        ]
        for message in expected {
            #expect(mistakes.contains { $0.hasPrefix(message) }, "\(message) is missing in: \(mistakes)")
        }
    }

    @Test func `correct declarations have no errors`() async throws {
        let mistakes = try await compilerErrors(
            """
            import FoundationEssentials
            import StraitModels
            @Model public struct A {
                @MaxLength(3) public var x: String
                public var seen: Int? { didSet {} }
                public var html5Text: Int
                public static let z = 1
                public var computed: Int { 1 }
            }
            func internalText() -> String { "x" }
            private func privateNumber() -> Int { 1 }
            let internalList = ["a"]
            @Model public struct Hidden {
                public var text: String = internalText()
                public var `class`: Int = privateNumber()
                @DatabaseDefault(3) public var level: Int = privateNumber()
                @JSON public var list: [String] = internalList
                public var named: String? = "\\(internalText())"
                public var plain: String = "x"
                public var own: String = Self.make()
                static func make() -> String { "y" }
            }
            @Model package struct Packaged { package var text: String = internalText() }
            @Model struct Plain { var number: Int = privateNumber() }
            func useHidden() -> [any ModelDraft] { [Hidden.Draft(), Packaged.Draft(text: "a"), Plain.Draft()] }
            @Model struct Keywords { var `default`: String; var `in`: Int }
            @Model struct Empty {}
            @Model struct Owner { var name: String }
            @Model struct Column { @ForeignKey(onDelete: .cascade) var owner: Owner.ID; var name: String }
            @Model struct Names { var path: String; var row: Int; var model: String; var name: String }
            enum Outer { @Model struct Inner { let x: Int; var likes: Int = 0 } }
            @Model(table: "t", app: "shop", id: .auto) struct Tag { @StraitModels.Unique var name: String }
            @Model struct Key { @PrimaryKey @MaxLength(40) var key: String; @AutoNowAdd var at: Date }
            @Model struct OwnID { @PrimaryKey var id: UUID = UUID() }
            enum Size: String, Choices { case small, veryLarge }
            @Model struct Category {
                static func makeName() -> String { "x" }
                var name: String = Self.makeName()
                @ForeignKey(onDelete: .cascade) var parent: Self.ID?
                static let options: [ModelOption<Category>] = [.unique("name_per_parent") { [$0.parent, $0.name] }]
            }
            struct Extra: Codable { var x: Int }
            @Model public struct Product {
                @Label("product name", help: "Short.") @MaxLength(50) @Indexed public var name: String
                @MaxLength(20) public var size: String = "small"
                @Digits(8, places: 2) @Blank public var price: Decimal
                @Positive @NotEditable public var count: Int32 = 0
                @JSON public var extra: [String: Int]? = nil
                @AutoNow public var changedAt: Date
                @DatabaseDefault(3) public var level: Int
                @DatabaseDefault(.now) public var since: Date?
                @Upload(to: "files/") public var file: StoredFile
                @ManyToMany @Blank @Label("other products") public var others: Links<Product>
                @OneToOne(onDelete: .restrict, relatedName: "only") public var parent: Product.ID?

                public static let options: [ModelOption<Product>] = [
                    .ordering { [$0.name.descending] }, .index { [$0.name.descending, $0.price] },
                    .uniqueTogether { [$0.name, $0.size] }, .unique("u", where: { $0.price > 0 }) { [$0.name] },
                    .check("c") { $0.price >= 0 && $0.size.isIn(["small", "large"]) }, .verboseName("thing"),
                    .unmanaged,
                ]
            }
            func useProducts(_ database: Database, _ product: Product) async throws {
                let draft = Product.Draft(name: "x", price: 1, extra: nil, file: StoredFile(""))
                let stored = try await database.create(draft)
                try await stored.others.add([product.id], in: database)
                _ = try await Product.objects.filter { $0.others.contains(product.id) && $0.extra.json("x") == "1" }
                    .order { _ in [.random] }.selectRelated { $0.parent }.all(in: database)
                _ = Key.Draft(key: "a")
                _ = OwnID.Draft()
                try await Key.objects.filter { $0.id == "a" }.delete(in: database)
            }
            func use(_ a: A) {
                _ = A.Draft(x: "x", html5Text: 1)
                _ = Outer.Inner.Draft(x: 1)
                _ = A.objects.filter { $0.seen == nil && $0.x == "a" && $0.html5Text > 1 }
            }
            """)
        #expect(mistakes == [])
    }
}

import Foundation
import Strait
import StraitTesting
import Testing

/// A user model with a UUID as its key, which logs in with the email address.
@Model(app: "shop") struct Customer: UserModel {
    @PrimaryKey var id: UUID
    @MaxLength(128) var password: String
    var lastLogin: Date?
    @MaxLength(254) @Unique var username: String
    var isActive: Bool = true
    var logouts: Int = 0
    var email: String { username }
    var isStaff: Bool { false }
    var isSuperuser: Bool { false }
    /// Counting a logout ends all sessions of the customer.
    var sessionHashText: String { "\(password) \(logouts)" }

    func permissions(in database: Database) async throws -> Set<String> { ["shop.buy"] }
}

private struct ShopApp: App {
    var label: String { "shop" }
    var models: [any Model.Type] { [Customer.self] }
    var migrations: [any Migration.Type] { [Initial.self] }

    private struct Initial: Migration {
        static let app = "shop"
        static let name = "0001_initial"
        static let operations: [MigrationOperation] = [
            .createModel(
                "Customer",
                fields: [
                    .uuid("id").primaryKey(), .char("password", maxLength: 128), .dateTime("last_login").optional(),
                    .char("username", maxLength: 254).unique(), .boolean("is_active"), .bigInteger("logouts"),
                ])
        ]
    }
}

private struct ShopSite: Site {
    static let hasher = PBKDF2PasswordHasher(iterations: 2)
    var installedApps: [any App] {
        [ContentTypesApp(), ShopApp(), AuthApp(Customer.self, hashers: [Self.hasher]), SessionsApp(), TokensApp()]
    }
    var middleware: MiddlewareList { .accounts }
    var routes: [Route] { DoorSite().routes }
}

@Suite struct `A user model of the site` {
    @Test func `customers log in, have permissions and tokens, and are watched on sockets`() async throws {
        try await TestSite(ShopSite()) { site in
            let database = try site.services.get(Database.self)
            var ann = try await database.create(
                Customer.Draft(id: UUID(), password: ShopSite.hasher.hash("s3cret"), username: "ann"))
            #expect(try await site.client.get("/login/ann/s3cret/").text == "welcome ann")
            #expect(try await site.client.get("/may/shop.buy/").text == "true")
            #expect(try await site.client.get("/may/shop.sell/").text == "false")
            let token = try await site.services.get(AccessTokens.self).create(for: ann)
            let bearer: HTTPFields = ["authorization": "Bearer \(token.text)"]
            #expect(try await site.makeClient().get("/who/", headers: bearer).text == "ann")
            let socket = site.client.webSocket("/ws/")
            _ = try await socket.open()
            #expect(try await socket.receiveText() == "ann")
            // The model decides when sessions, tokens and sockets end.
            ann.logouts += 1
            _ = try await database.save(ann)
            #expect(try await socket.receiveClose().code == 4401)
            #expect(try await site.client.get("/who/").text == "AnonymousUser")
            #expect(try await site.makeClient().get("/who/", headers: bearer).status == .unauthorized)
        }
    }

    @Test func `a new user's name is normalized, and taken in any spelling`() async throws {
        try await withDoor { site, _ in
            let accounts = try site.services.get(Accounts.self)
            let user = try await accounts.createUser(username: "ａｎｎ", password: nil)
            #expect(user.username == "ann")
            try await accounts.createUser(username: "émile", password: nil)
            for name in ["ann", "ANN", "Ann", "ａｎｎ", "émile", "ÉMILE", "Émile"] {
                let error = await #expect(throws: AccountError.self) {
                    try await accounts.createUser(username: name, password: nil)
                }
                #expect(error?.code == .taken, "\(name)")
            }
            let error = await #expect(throws: AccountError.self) {
                try await accounts.createUser(username: "", password: nil)
            }
            #expect(error?.description == "A user needs a username.")
        }
    }
}

public import FoundationEssentials
public import StraitMigrations
public import StraitModels

/// A stored access token. The token lets a program act for a user until it expires or is revoked.
///
/// The table does not contain the token itself, so reading the table is not enough to use a token.
@Model(table: "strait_access_token", app: "tokens") public struct AccessToken {
    /// The random identifier, which is part of the token.
    @PrimaryKey @MaxLength(32) public var id: String
    /// The primary key of the user as text; ``UserModel/keyText``.
    @MaxLength(64) @Indexed public var user: String
    /// The name that the user gave the token, such as that of a device.
    @MaxLength(100) @Blank public var name: String
    /// The time at which the token was created.
    public var createdAt: Date
    /// The time at which the token expires.
    @Indexed public var expiresAt: Date
}

/// The model and the migrations of ``AccessToken``.
public enum TokenSchema {
    /// The model.
    public static var models: [any Model.Type] { [AccessToken.self] }
    /// The migrations.
    public static var migrations: [any Migration.Type] { [InitialTokens.self] }

    private struct InitialTokens: Migration {
        static let app = "tokens"
        static let name = "0001_initial"
        static let operations: [MigrationOperation] = [
            .createModel(
                "AccessToken", table: "strait_access_token",
                fields: [
                    .char("id", maxLength: 32).primaryKey(), .char("user", maxLength: 64).indexed(),
                    .char("name", maxLength: 100), .dateTime("created_at"),
                    .dateTime("expires_at").indexed(),
                ])
        ]
    }
}

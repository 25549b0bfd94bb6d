public import Foundation
internal import StraitCore
internal import StraitCrypto
public import StraitWeb

/// Tokens for password reset links; Django's `PasswordResetTokenGenerator`. Strait and Django accept each other's
/// tokens.
///
/// A token is valid once: a new password, a login or a new email address makes it invalid.
public struct PasswordResetTokens: Sendable {
    private let hmac: SaltedHMAC
    private let timeZone: TimeZone
    private let timeout: Int
    private let now: @Sendable () -> Date

    /// 2001-01-01, the start of Django's count of seconds.
    private static let epoch = 978_307_200

    /// Creates the token generator of a site.
    ///
    /// - Parameters:
    ///   - settings: The site's settings: `SECRET_KEY`, `SECRET_KEY_FALLBACKS`, `TIME_ZONE` and
    ///     `PASSWORD_RESET_TIMEOUT`.
    ///   - now: Returns the current time. A test can replace it.
    public init(_ settings: Settings, now: @escaping @Sendable () -> Date = { Date() }) {
        hmac = SaltedHMAC(
            salt: "django.contrib.auth.tokens.PasswordResetTokenGenerator", secret: settings.secretKey,
            formerSecrets: settings.secretKeyFallbacks)
        timeZone = TimeZone(identifier: settings.timeZone) ?? .gmt
        timeout = settings.passwordResetTimeout
        self.now = now
    }

    /// Returns a token for a user; Django's `make_token`.
    public func token(for user: any UserModel) -> String { token(user, seconds, 0) }

    /// Whether a token belongs to the user and has not expired; Django's `check_token`.
    public func accepts(_ token: String, for user: any UserModel) -> Bool {
        let parts = token.split(separator: "-", omittingEmptySubsequences: false)
        guard parts.count == 2, token.utf8.count <= 100, let time = Self.number(parts[0]) else { return false }
        let isOwn = (0..<hmac.count).contains { index in
            constantTimeEqual(Array(self.token(user, time, index).utf8).span, Array(token.utf8).span)
        }
        return isOwn && seconds - time <= timeout
    }

    /// The current local time in seconds since 2001, as Django counts them.
    private var seconds: Int {
        let now = now()
        return Int(now.timeIntervalSince1970) + timeZone.secondsFromGMT(for: now) - Self.epoch
    }

    private func token(_ user: any UserModel, _ time: Int, _ secret: Int) -> String {
        let login = user.lastLogin.map { date in
            let seconds = Int(date.timeIntervalSince1970.rounded(.down))
            let days = seconds.floored(by: 86_400)
            return ISODateText.date(CivilDate(daysSinceEpoch: days)) + " "
                + ISODateText.time(secondOfDay: seconds - days * 86_400)
        }
        let text = "\(user.keyText)\(user.password)\(login ?? "")\(time)\(user.email)"
        let digits = hmac.code(of: text, secret: secret).hexadecimal
        let half = digits.utf8.enumerated().filter { $0.offset % 2 == 0 }.map(\.element)
        return "\(String(time, radix: 36))-\(String(decoding: half, as: UTF8.self))"
    }

    /// Reads a number in base 36. Returns nil for other text, or for more than 13 digits, which is Django's limit.
    private static func number(_ text: Substring) -> Int? {
        guard (1...13).contains(text.utf8.count), text.utf8.allSatisfy({ $0 != 0x2B && $0 != 0x2D }) else { return nil }
        return Int(text, radix: 36)
    }
}

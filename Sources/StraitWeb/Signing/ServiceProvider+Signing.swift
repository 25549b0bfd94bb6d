public import StraitNetwork

extension ServiceProvider {
    /// Creates a signer with the site's `SECRET_KEY` and `SECRET_KEY_FALLBACKS`.
    ///
    /// - Parameter salt: The purpose of the signatures. A signature with one salt is not valid with another.
    /// - Throws: ``/StraitWeb/SiteError`` outside a site, or if the site has no `SECRET_KEY`.
    public func signer(salt: String) throws(SiteError) -> Signer {
        let settings = try signingSettings()
        return Signer(key: settings.secretKey, fallbackKeys: settings.secretKeyFallbacks, salt: salt)
    }

    /// Creates a signer that adds the time, with the site's `SECRET_KEY` and `SECRET_KEY_FALLBACKS`.
    ///
    /// - Parameter salt: The purpose of the signatures. A signature with one salt is not valid with another.
    /// - Throws: ``/StraitWeb/SiteError`` outside a site, or if the site has no `SECRET_KEY`.
    public func timestampSigner(salt: String) throws(SiteError) -> TimestampSigner {
        let settings = try signingSettings()
        return TimestampSigner(key: settings.secretKey, fallbackKeys: settings.secretKeyFallbacks, salt: salt)
    }

    private func signingSettings() throws(SiteError) -> Settings {
        guard let settings = site?.settings else { throw SiteError.noSite(asking: "a signer") }
        if settings.secretKey.isEmpty { throw SiteError.noSecretKey }
        return settings
    }
}

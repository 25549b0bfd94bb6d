/// Puts the URLs of settings, such as `STATIC_URL`, under a proxy's root path.
enum MountedURL {
    /// Returns `url` beneath `rootPath`. A URL of another host, or one beneath `rootPath` already, is returned as it
    /// is.
    static func of(_ url: String, under rootPath: String) -> String {
        !url.hasPrefix("/") || url.hasPrefix(rootPath + "/") ? url : rootPath + url
    }
}

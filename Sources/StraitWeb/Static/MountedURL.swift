/// Addresses of the settings, such as `STATIC_URL`, where a proxy mounts the site under a root path.
enum MountedURL {
    /// `url` beneath `rootPath`: one of another host, or that begins with the root path already, stays.
    static func of(_ url: String, under rootPath: String) -> String {
        !url.hasPrefix("/") || url.hasPrefix(rootPath + "/") ? url : rootPath + url
    }
}

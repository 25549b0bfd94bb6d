import StraitCore
import StraitHTTP

extension Scope {
    /// Returns the offset in the UTF-8 of ``path`` from which a router matches: after the outer routers' matches, or
    /// after the root path.
    func routingStart() throws(RoutingError) -> Int {
        let bytes = path.utf8
        let remaining = matchedEnd
        var start = max(0, remaining)
        if remaining < 0, !rootPath.isEmpty {
            let rest = bytes.dropFirst(rootPath.utf8.count)
            guard bytes.starts(with: rootPath.utf8), rest.isEmpty || rest.first == 0x2F || rootPath.utf8.last == 0x2F
            else { throw .rootPath(rootPath, path: path) }
            start = rootPath.utf8.count
        }
        if start < bytes.count, bytes[bytes.index(bytes.startIndex, offsetBy: start)] == 0x2F { start += 1 }
        return start
    }
}

import Glibc
import HostSystem
import Testing

@Suite("Marker files")
struct MarkerTests {
    @Test("The folder has the wanted markers afterwards, and all other files stay")
    func wanted() throws {
        let files = FileSystem()
        let folder = "/tmp/teal-markers-\(UInt64.random(in: 0 ... .max))"
        defer { try? files.removeTree(folder) }
        try files.makeFolder(folder, access: .everyoneReads)
        try AtomicFile.write("text", to: "\(folder)/log", access: .everyoneReads)
        func set(_ names: Set<String>) throws {
            try files.setMarkers(names, in: folder) { Int($0) != nil }
        }
        try set(["1", "2", "3"])
        #expect(try files.list(folder) == ["1", "2", "3", "log"])
        var status = stat()
        #expect(stat("\(folder)/2", &status) == 0)
        #expect(status.st_mode & 0o777 == 0o644)
        try set(["3", "4"])
        #expect(try files.list(folder) == ["3", "4", "log"])
        try set(["3", "4"])
        try set([])
        #expect(try files.list(folder) == ["log"])
        #expect(try files.readText("\(folder)/log") == "text")
    }
}

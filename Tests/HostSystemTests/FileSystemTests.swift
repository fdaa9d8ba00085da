import BlueGreen
import Glibc
import TestSupport
import Testing

@testable import HostSystem

@Suite("Files, folders and links")
struct FileSystemTests {
    private let files = FileSystem()
    private let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    private func mode(_ path: String) -> UInt32 {
        var status = stat()
        return lstat(path, &status) == 0 ? status.st_mode & 0o7777 : 0
    }

    @Test(
        "A file is written whole, with the permissions asked for, whatever the umask",
        arguments: [(FileAccess.ownerOnly, UInt32(0o600)), (.everyoneReads, 0o644)])
    func write(access: FileAccess, expected: UInt32) throws {
        try AtomicFile.write("old, and longer", to: folder("file"), access: .everyoneReads)
        try AtomicFile.write("new", to: folder("file"), access: access)
        #expect(try files.readText(folder("file")) == "new")
        #expect(mode(folder("file")) == expected)
        #expect(try files.list(folder.path) == ["file"])
    }

    @Test("Bytes that are there already are not written again, whatever the disk has room for")
    func unchanged() throws {
        func inode() -> ino_t {
            var status = stat()
            return stat(folder("file"), &status) == 0 ? status.st_ino : 0
        }
        try AtomicFile.write("same", to: folder("file"), access: .ownerOnly)
        // Two files of one inode's number would look like one.
        let before = inode()
        #expect(link(folder("file"), folder("second")) == 0)
        try AtomicFile.write("same", to: folder("file"), access: .ownerOnly)
        #expect(inode() == before)
        try AtomicFile.write("diff", to: folder("file"), access: .ownerOnly)
        #expect(inode() != before)
        let other = inode()
        #expect(link(folder("file"), folder("third")) == 0)
        try AtomicFile.write("diff", to: folder("file"), access: .everyoneReads)
        #expect(inode() != other)
    }

    @Test("What a killed run left beside its files is removed, in the folders within too")
    func remains() throws {
        let release = folder("releases/1")
        try files.makeFolder(release, access: .ownerOnly)
        for path in ["\(release)/settings.json", folder("state")] {
            try AtomicFile.write("whole", to: path, access: .ownerOnly)
            try AtomicFile.write("half", to: AtomicFile.pathBeside(path), access: .ownerOnly)
        }
        try files.replaceLink(at: folder("live"), with: "/nowhere")
        #expect(symlink("blue", AtomicFile.pathBeside(folder("live"))) == 0)
        try AtomicFile.removeRemains(in: folder.path)
        try AtomicFile.removeRemains(in: folder("not-there"))
        #expect(try files.list(folder.path) == ["live", "releases", "state"])
        #expect(try files.list(release) == ["settings.json"])
    }

    @Test("Reading ends: a pipe, a folder, a device and a file above the limit are refused")
    func endless() throws {
        #expect(mkfifo(folder("pipe"), 0o600) == 0)
        try AtomicFile.write("12345", to: folder("file"), access: .ownerOnly)
        let limit = ByteCount(bytes: 4)
        for (path, reason) in [
            (folder("pipe"), "it is no regular file"), (folder.path, "it is a folder"),
            ("/dev/zero", "it is no regular file"),
            (folder("file"), "it is larger than 0K, and nothing of that size is read"),
        ] {
            #expect(files.unfitness(of: path, atMost: limit) == reason)
            #expect(throws: HostError.file(path: path, act: "read", reason: reason)) {
                try files.readBytes(path, atMost: limit)
            }
        }
        #expect(files.unfitness(of: folder("none"), atMost: limit) == "it does not exist")
        #expect(files.unfitness(of: folder("file"), atMost: ByteCount(bytes: 5)) == nil)
        #expect(try files.readBytes(folder("file"), atMost: ByteCount(bytes: 5)).count == 5)
        // Files of the kernel tell no size.
        #expect(try !files.readText("/proc/self/stat").isEmpty)
    }

    @Test("A leftover of a crash beside a file is no hindrance")
    func leftover() throws {
        let beside = AtomicFile.pathBeside(folder("file"))
        try AtomicFile.write("half", to: beside, access: .everyoneReads)
        try AtomicFile.write("whole", to: folder("file"), access: .ownerOnly)
        #expect(try files.readText(folder("file")) == "whole")
        #expect(mode(folder("file")) == 0o600)
        #expect(try files.list(folder.path) == ["file"])
    }

    @Test("A write that fails leaves the old content and nothing beside it")
    func failedWrite() throws {
        try files.makeFolder(folder("taken"), access: .ownerOnly)
        try AtomicFile.write("kept", to: folder("taken/kept"), access: .ownerOnly)
        #expect(throws: HostError.self) {
            try AtomicFile.write("x", to: folder("taken"), access: .ownerOnly)
        }
        #expect(try files.list(folder.path) == ["taken"])
        #expect(try files.readText(folder("taken/kept")) == "kept")
    }

    @Test("A failure names the path, the act and the reason")
    func failure() throws {
        let path = folder("missing/file")
        let error = #expect(throws: HostError.self) {
            try AtomicFile.write("x", to: path, access: .ownerOnly)
        }
        #expect(error?.description == "Could not write \(path): No such file or directory.")
    }

    @Test("A full disk and a full quota are told apart from other failures")
    func fullDisk() {
        for code in [ENOSPC, EDQUOT] {
            errno = code
            #expect(HostError.last(path: "/x", act: "write") == .noRoom(path: "/x"))
        }
        errno = EACCES
        let denied = HostError.last(path: "/x", act: "write")
        #expect(denied == .denied(path: "/x", act: "write"))
        #expect(denied.description.contains("run it as root"))
        errno = EROFS
        let readOnly = HostError.last(path: "/x", act: "write")
        #expect(readOnly == .readOnly(path: "/x"))
        #expect(readOnly.description.contains("mount -o remount,rw"))
        errno = EIO
        #expect(
            HostError.last(path: "/x", act: "write")
                == .file(path: "/x", act: "write", reason: "Input/output error"))
    }

    @Test("A path that this user may not look at is not taken for absent")
    func presence() throws {
        try AtomicFile.write("x", to: folder("file"), access: .ownerOnly)
        #expect(try files.isPresent(folder("file")))
        #expect(try !files.isPresent(folder("none")))
        #expect(try !files.isPresent(folder("file/below")))
        try FileSystem().replaceLink(at: folder("round"), with: "round")
        #expect(throws: HostError.self) { try files.isPresent(folder("round")) }
        try asNobody(outside: folder.path) {
            let path = folder("none")
            #expect(throws: HostError.denied(path: path, act: "look for")) {
                try files.isPresent(path)
            }
            #expect(throws: HostError.denied(path: path, act: "read")) {
                try files.readTextIfPresent(path)
            }
        }
    }

    @Test("Files of /proc, which tell no size, and large ones are read whole")
    func read() throws {
        #expect(try files.readText("/proc/self/status").contains("VmRSS"))
        let bytes = (0..<200_001).map { UInt8(truncatingIfNeeded: $0) }
        try AtomicFile.write(bytes: bytes, to: folder("large"), access: .ownerOnly)
        #expect(try files.readBytes(folder("large")) == bytes)
    }

    @Test("A file that is not there reads as nil only where that is asked for")
    func missing() throws {
        #expect(try files.readTextIfPresent(folder("none")) == nil)
        #expect(throws: HostError.self) { try files.readText(folder("none")) }
    }

    @Test("A folder is made with its parents, and one that exists is left alone")
    func makeFolder() throws {
        try files.makeFolder(folder("a/b/c"), access: .ownerOnly)
        try files.makeFolder(folder("a/b"), access: .everyoneReads)
        #expect(files.isFolder(folder("a/b/c")))
        #expect(mode(folder("a")) == 0o700)
        #expect(mode(folder("a/b")) == 0o700)
        try files.makeFolder(folder("open"), access: .everyoneReads)
        #expect(mode(folder("open")) == 0o755)
    }

    @Test("A file in a folder's place is a failure")
    func fileInPlace() throws {
        try AtomicFile.write("x", to: folder("file"), access: .ownerOnly)
        #expect(throws: HostError.self) {
            try files.makeFolder(folder("file"), access: .ownerOnly)
        }
    }

    @Test("Removing a tree does not follow the links in it, and can be done again")
    func removeTree() throws {
        try files.makeFolder(folder("tree/deep"), access: .ownerOnly)
        try files.makeFolder(folder("other"), access: .ownerOnly)
        try AtomicFile.write("kept", to: folder("other/kept"), access: .ownerOnly)
        try files.replaceLink(at: folder("tree/deep/link"), with: folder("other"))
        try files.replaceLink(at: folder("tree/dangling"), with: "nowhere")
        try files.removeTree(folder("tree"))
        try files.removeTree(folder("tree"))
        #expect(try files.list(folder.path) == ["other"])
        #expect(try files.readText(folder("other/kept")) == "kept")
    }

    @Test("A link is replaced by another, and its target stands as it was given")
    func replaceLink() throws {
        try files.makeFolder(folder("blue"), access: .everyoneReads)
        #expect(try files.linkTarget(at: folder("live")) == nil)
        try files.replaceLink(at: folder("live"), with: "blue")
        #expect(files.exists(folder("live")))
        try files.replaceLink(at: folder("live"), with: "green")
        #expect(try files.linkTarget(at: folder("live")) == "green")
        #expect(!files.exists(folder("live")))
        #expect(try files.list(folder.path) == ["blue", "live"])
    }

    @Test("A link's leftover from a crash is no hindrance, and a file is not read as a link")
    func leftoverLink() throws {
        symlink("half", AtomicFile.pathBeside(folder("live")))
        try files.replaceLink(at: folder("live"), with: "green")
        #expect(try files.list(folder.path) == ["live"])
        try files.makeFolder(folder("blue"), access: .everyoneReads)
        #expect(throws: HostError.self) { try files.linkTarget(at: folder("blue")) }
    }

    @Test("Free space is told for an existing path only")
    func freeSpace() throws {
        #expect(try files.freeSpace(at: folder.path).bytes > 0)
        #expect(throws: HostError.self) { try files.freeSpace(at: folder("none")) }
    }
}

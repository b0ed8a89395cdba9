import Kernel
import Testing

@Suite struct CgroupIdentityTests {
    private static let id = String(repeating: "4d5e6f70", count: 8)
    private static let uid = "0a3f1c2d-9b36-11ea-b3df-246e9693c184"

    private static func identity(_ path: String) -> CgroupIdentity { CgroupIdentity(of: CgroupPath(path.utf8)) }

    @Test func aServiceHasItsUnitAndSlice() {
        let identity = Self.identity("/system.slice/mysql.service")
        #expect(identity.unit == "mysql.service")
        #expect(identity.slice == "system.slice")
        #expect(identity.user == nil && identity.container == nil && identity.podUID == nil)
    }

    @Test func aUsersServiceHasItsManager() {
        let identity = Self.identity("/user.slice/user-1000.slice/user@1000.service/app.slice/app-firefox-4711.scope")
        #expect(identity.unit == "app-firefox-4711.scope")
        #expect(identity.slice == "app.slice")
        #expect(identity.user == 1000)
    }

    @Test(arguments: [
        ("/docker/ID", CgroupIdentity.Runtime.docker), ("/system.slice/docker-ID.scope", .docker),
        ("/lxc/39004/ns/system.slice/docker-ID.scope", .docker), ("/system.slice/nerdctl-ID.scope", .containerd),
        ("/default/ID", .containerd), ("/k8s.io/ID", .containerd), ("/machine.slice/libpod-ID.scope", .podman),
        ("/machine.slice/libpod-ID.scope/container", .podman), ("/libpod_parent/libpod-ID", .podman),
        ("/user.slice/user-1000.slice/user@1000.service/user.slice/libpod-ID.scope/container", .podman),
    ])
    func aContainerIsKnownByItsPath(path: String, runtime: CgroupIdentity.Runtime) {
        let container = Self.identity(path.replacing("ID", with: Self.id)).container
        #expect(container?.runtime == runtime)
        #expect(container?.id == Self.id)
    }

    /// Both drivers, both versions of the hierarchy, every class of service.
    @Test(
        arguments: [
            ("/kubepods/burstable/podUID/ID", nil), ("/kubepods/podUID/ID", nil), ("/kubepods/besteffort/podUID/crio-ID", .crio),
            ("/kubepods.slice/kubepods-burstable.slice/kubepods-burstable-podUNDER.slice/cri-containerd-ID.scope", .containerd),
            ("/kubepods.slice/kubepods-podUNDER.slice/crio-ID.scope", .crio),
            ("/kubepods.slice/kubepods-besteffort.slice/kubepods-besteffort-podUNDER.slice/docker-ID.scope", .docker),
            ("/system.slice/containerd.service/kubepods-burstable-podUNDER.slice:cri-containerd:ID", .containerd),
            ("/kubelet.slice/kubelet-kubepods.slice/kubelet-kubepods-podUNDER.slice/cri-containerd-ID.scope", .containerd),
        ] as [(String, CgroupIdentity.Runtime?)])
    func aPodsContainerHasBoth(path: String, runtime: CgroupIdentity.Runtime?) {
        let under = Self.uid.replacing("-", with: "_")
        let full = path.replacing("podUID", with: "pod" + Self.uid).replacing("UNDER", with: under).replacing("ID", with: Self.id)
        let identity = Self.identity(full)
        #expect(identity.podUID == Self.uid)
        #expect(identity.container?.id == Self.id)
        #expect(identity.container?.runtime == runtime)
    }

    @Test func aPodItselfHasNoContainer() {
        let identity = Self.identity(
            "/kubepods.slice/kubepods-burstable.slice/kubepods-burstable-pod\(Self.uid.replacing("-", with: "_")).slice")
        #expect(identity.podUID == Self.uid)
        #expect(identity.container == nil)
    }

    @Test func aStaticPodsUIDHasNoDashes() {
        let uid = String(repeating: "0123456789abcdef", count: 2)
        #expect(Self.identity("/kubepods/burstable/pod\(uid)/\(Self.id)").podUID == uid)
    }

    @Test func theMonitorBesideAContainerIsNoContainer() {
        #expect(Self.identity("/machine.slice/libpod-conmon-\(Self.id).scope").container == nil)
        #expect(Self.identity("/system.slice/crio-conmon-\(Self.id).scope").container == nil)
    }

    @Test(arguments: ["/lxc/web", "/lxc.payload.web", "/lxc.payload/web"])
    func anLXCGuestIsAContainer(path: String) {
        #expect(Self.identity(path).container == .init(runtime: .lxc, id: "web"))
    }

    @Test(arguments: [
        "/", "", "/box", "/docker", "/system.slice/docker.service", "/pod", "/kubepods", "//..//", "/a:b:c", "/user@x.service",
    ])
    func whatIsNoContainerIsNone(path: String) {
        #expect(Self.identity(path).container == nil)
        #expect(Self.identity(path).podUID == nil)
    }
}

import Foundation
import Workloads

/// The roofline devices that can be named: those that come with bitlab, and files of the user's.
public struct DeviceCatalogue: Sendable {
  /// All devices, shipped ones first, by the names of their files.
  public private(set) var devices: [RooflineDevice] = []

  /// The devices that come with bitlab.
  ///
  /// - Throws: ``AcceleratorFileError`` if they are missing, or broken, which a test rules out.
  public static func shipped() throws(AcceleratorFileError) -> DeviceCatalogue {
    let files: [(name: String, bytes: Data)]
    do { files = try ShippedFiles.yaml(in: "devices") } catch { throw .missing(error) }
    var catalogue = DeviceCatalogue()
    for file in files {
      do {
        try catalogue.add(.parse(bytes: file.bytes, file: file.name), file: file.name)
      } catch { throw .malformed(error) }
    }
    return catalogue
  }

  /// This catalogue and the device of a file.
  ///
  /// - Throws: ``AcceleratorFileError`` with file, line, column and key for everything that is not as expected.
  public func loading(yaml path: String) throws(AcceleratorFileError) -> DeviceCatalogue {
    var catalogue = self
    do { try catalogue.add(.load(path: path), file: path) } catch { throw .malformed(error) }
    return catalogue
  }

  /// The device of that name, in upper or lower case.
  ///
  /// - Throws: ``AcceleratorFileError`` naming what may have been meant.
  public func device(named name: String) throws(AcceleratorFileError) -> RooflineDevice {
    guard let device = devices.first(where: { $0.id == name.lowercased() }) else {
      let names = devices.map(\.id)
      throw .unknown(kind: "device", name: name, suggestions: names.nearest(to: name), all: names)
    }
    return device
  }

  private mutating func add(_ device: RooflineDevice, file: String) throws(YAMLError) {
    guard !devices.contains(where: { $0.id == device.id }) else {
      throw YAMLError(
        YAMLPlace(file: file), key: "id",
        message: "expected a name that no other device has, found '\(device.id)'")
    }
    devices.append(device)
  }
}

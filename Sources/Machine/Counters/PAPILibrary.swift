import CPAPI
import Foundation

/// libpapi, started once for the process.
enum PAPILibrary {
  /// Why libpapi cannot be used; `nil` when it can.
  static let unavailableBecause: String? = {
    let expected = bl_papi_header_version()
    let version = PAPI_library_init(expected)
    guard version == expected else {
      return version > 0
        ? "libpapi is of version \(text(version)) but bitlab was built for \(text(expected)): build bitlab again"
        : "libpapi could not start (\(message(version)))"
    }
    let threads = bl_papi_thread_init()
    return threads == PAPI_OK ? nil : "libpapi cannot count threads (\(message(threads)))"
  }()

  /// The version of the library that bitlab was built for, as `7.0.0`.
  static var version: String { text(bl_papi_header_version()) }

  /// What an error code means.
  static func message(_ code: Int32) -> String {
    PAPI_strerror(code).map { String(cString: $0) } ?? "error \(code)"
  }

  private static func text(_ version: Int32) -> String {
    "\(version >> 24 & 0xff).\(version >> 16 & 0xff).\(version >> 8 & 0xff)"
  }

  /// Makes an event set on this thread and adds the events one by one.
  ///
  /// - Returns: the set, empty when no event could be added, and the error code of each event, `PAPI_OK` for
  ///   those in the set, in order.
  static func makeEventSet(_ names: [String], multiplex: Bool) -> (set: Int32, codes: [Int32]) {
    var set = PAPI_NULL
    let created = PAPI_create_eventset(&set)
    guard created == PAPI_OK else { return (PAPI_NULL, names.map { _ in created }) }
    if multiplex {
      // A set must know its component before it can be multiplexed; 0 is the CPU.
      PAPI_assign_eventset_component(set, 0)
      PAPI_set_multiplex(set)
    }
    return (set, names.map { PAPI_add_named_event(set, $0) })
  }

  /// Stops counting and frees the set.
  static func dispose(_ set: Int32) {
    var set = set
    if set == PAPI_NULL { return }
    PAPI_stop(set, nil)
    PAPI_cleanup_eventset(set)
    PAPI_destroy_eventset(&set)
  }
}

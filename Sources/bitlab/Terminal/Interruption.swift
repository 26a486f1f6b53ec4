import Foundation
import Synchronization

/// Ctrl-C: the first asks the run to stop and keep what was measured, the second ends the program at once.
enum Interruption {
  private static let requested = Atomic<Bool>(false)

  /// Whether Ctrl-C was pressed.
  static var isRequested: Bool { requested.load(ordering: .relaxed) }

  /// Takes over SIGINT and SIGTERM for the rest of the program.
  static func listen() {
    // Whoever started the program may have blocked them, as threads of some job runners do.
    var signals = sigset_t()
    sigemptyset(&signals)
    sigaddset(&signals, SIGINT)
    sigaddset(&signals, SIGTERM)
    pthread_sigmask(SIG_UNBLOCK, &signals, nil)
    for number in [SIGINT, SIGTERM] {
      signal(number) { signalled in
        // Only what is safe in a signal handler: an atomic, and giving the signal back to the system.
        Interruption.requested.store(true, ordering: .relaxed)
        signal(signalled, SIG_DFL)
      }
    }
  }
}

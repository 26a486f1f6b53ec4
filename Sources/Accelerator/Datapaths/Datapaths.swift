/// All datapaths: a new one is a file of its own and a line here.
public enum Datapaths {
  /// In the order of `bitlab list datapaths`: baselines first.
  public static let all: [any Datapath] = [
    FP16MAC(), BF16MAC(), Int8MAC(), AddSub(), LUT(), BitSerial(), Popcount(),
  ]

  /// The datapath of that name, as design files write it.
  public static func named(_ name: String) -> (any Datapath)? { all.first { $0.name == name } }
}

import Ternary

/// The weights of a linear layer, decoded.
public enum LinearWeights: Sendable {
  /// -1, 0, +1 with one scale.
  case ternary(TernaryMatrix)
  /// Floats.
  case float(FloatMatrix)
}

/// A model in a file or a folder: what is checked when it is opened is that every tensor of the architecture is
/// there, has its shape and a type that can be read.
public protocol ModelSource: AnyObject, Sendable {
  /// Where it lies.
  var path: String { get }
  /// What it computes.
  var architecture: ModelArchitecture { get }
  /// Its vocabulary and how text becomes tokens.
  ///
  /// - Throws: ``ModelFileError`` if the file has none or it contradicts itself.
  func tokenizer() throws(ModelFileError) -> TokenizerDescription

  /// A tensor as it lies in the file; `nil` if it does not lie there in one of the known element types, row by row,
  /// such as the packed bytes of a Hugging Face model, or the head of a model with tied embeddings.
  func stored(_ role: TensorRole) -> StoredTensor?

  /// The weights of a linear layer: ternary if the architecture is, quantised by absmean where the file holds floats.
  ///
  /// - Throws: ``ModelFileError`` if the data are not what the type promises: codes that are no trits, blocks with
  ///   different scales, values that are not finite.
  func linear(_ role: LinearRole, layer: Int) throws(ModelFileError) -> LinearWeights

  /// The weights of a norm, or of the last one: any vector.
  ///
  /// - Throws: ``ModelFileError`` if there is none or values are not finite.
  func vector(_ role: TensorRole) throws(ModelFileError) -> [Float]

  /// Rows of the embedding or the LM head as floats, `rows.count` × columns.
  ///
  /// - Throws: ``ModelFileError`` if there is no such tensor or values are not finite.
  func rows(_ rows: Range<Int>, of role: TensorRole) throws(ModelFileError) -> [Float]

  /// Gives the memory of what has been read from the file back to the system, for those who read it once from front
  /// to back; what is read again comes from the file again.
  func releasePages()
}

extension ModelSource {
  /// Nothing, for models that lie in no file.
  public func releasePages() {}
}

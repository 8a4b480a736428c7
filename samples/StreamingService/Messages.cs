using System.Text.Json.Serialization;

namespace StreamingService;

/// <summary>A step of a stream.</summary>
/// <param name="Input">The features of the step.</param>
public sealed record StepRequest(float[]? Input);

/// <summary>The answer to a step.</summary>
/// <param name="Step">Its number within the stream, from 1.</param>
/// <param name="Output">What the model predicts.</param>
public sealed record StepResponse(long Step, float[] Output);

/// <summary>What is known of a stream.</summary>
/// <param name="Steps">The steps taken.</param>
/// <param name="IdleSeconds">The time since the last.</param>
public sealed record StreamResponse(long Steps, double IdleSeconds);

/// <summary>Whether the service can be used.</summary>
/// <param name="Status"><c>ok</c> or <c>stopping</c>.</param>
/// <param name="Keys">The keys with a state.</param>
/// <param name="MaxKeys">The most that there may be.</param>
/// <param name="Inputs">The features of a step.</param>
/// <param name="Outputs">The numbers of an answer.</param>
public sealed record HealthResponse(string Status, int Keys, int MaxKeys, int Inputs, int Outputs);

/// <summary>Why a request was refused.</summary>
/// <param name="Error">In words.</param>
public sealed record ErrorResponse(string Error);

/// <summary>The JSON of all messages, made at compile time.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(StepRequest))]
[JsonSerializable(typeof(StepResponse))]
[JsonSerializable(typeof(StreamResponse))]
[JsonSerializable(typeof(HealthResponse))]
[JsonSerializable(typeof(ErrorResponse))]
internal sealed partial class MessageJson : JsonSerializerContext;

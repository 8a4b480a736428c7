namespace Lstm.Tests.Support;

/// <summary>A call that must be refused.</summary>
internal static class Refusal
{
    /// <summary>Asserts the very type of the exception, the parameter that it names, and what its message must say.</summary>
    public static void Of<TException>(Action call, string parameter, params string[] words)
        where TException : ArgumentException
    {
        TException exception = call.Should().ThrowExactly<TException>().Which;
        exception.ParamName.Should().Be(parameter);
        foreach (string word in words)
        {
            exception.Message.Should().Contain(word);
        }
    }

    /// <summary>Asserts a call at the wrong time.</summary>
    public static void OutOfTurn(Action call, params string[] words)
    {
        InvalidOperationException exception = call.Should().ThrowExactly<InvalidOperationException>().Which;
        foreach (string word in words)
        {
            exception.Message.Should().Contain(word);
        }
    }
}

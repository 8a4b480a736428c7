namespace Lstm;

/// <summary>
/// Objects that one call needs for itself: a call rents one and returns it, so that calls at the same time have one each
/// and later calls reuse them.
/// </summary>
internal sealed class Pool<TItem>(Func<TItem> create)
{
    private readonly Stack<TItem> _idle = [];

    public TItem Rent()
    {
        lock (_idle)
        {
            if (_idle.TryPop(out TItem? item))
            {
                return item;
            }
        }

        return create();
    }

    public void Return(TItem item)
    {
        lock (_idle)
        {
            _idle.Push(item);
        }
    }
}

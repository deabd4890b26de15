namespace BrokenPipeTools.Kernel.Tracing;

/// <summary>The time of an event, and the thread that was running.</summary>
/// <param name="Time">Nanoseconds of CLOCK_MONOTONIC.</param>
/// <param name="Thread">The running thread. Outside of task context it is not related to the event.</param>
/// <param name="IsTask">Whether the thread's own system call caused the event; false for an interrupt: a packet or a timer.</param>
internal readonly record struct EventOrigin(long Time, int Thread, bool IsTask);

/// <summary>An event of the kernel.</summary>
internal abstract record KernelEvent(EventOrigin Origin);

/// <summary>A send or receive call returned (sock_send_length, sock_recv_length).</summary>
internal sealed record SocketCall(EventOrigin Origin, ulong Socket, int Family, int Protocol, int Result, bool IsSend) : KernelEvent(Origin);

/// <summary>A TCP socket changed its state (inet_sock_set_state).</summary>
internal sealed record StateChange(EventOrigin Origin, ulong Socket, SocketPair Pair, TcpPhase From, TcpPhase To) : KernelEvent(Origin);

/// <summary>An errno was set on a socket (inet_sk_error_report); the next call returns it.</summary>
internal sealed record ErrorArmed(EventOrigin Origin, SocketPair Pair, int Errno) : KernelEvent(Origin);

/// <summary>A RST ended a socket (tcp_receive_reset); also if the kernel resets the socket itself.</summary>
internal sealed record ResetReceived(EventOrigin Origin, ulong Socket, SocketPair Pair, ulong Cookie) : KernelEvent(Origin);

/// <summary>A TCP socket was destroyed (tcp_destroy_sock).</summary>
internal sealed record SocketDestroyed(EventOrigin Origin, ulong Socket, SocketPair Pair, ulong Cookie) : KernelEvent(Origin);

/// <summary>A RST was sent (tcp_send_reset).</summary>
/// <param name="Origin">In task context a program caused it; otherwise it answers a packet.</param>
/// <param name="Packet">The packet that it answers; 0 for none.</param>
/// <param name="Socket">The sending socket; 0 if there is none.</param>
/// <param name="Pair">The addresses from the sender's point of view; null on kernels that do not record them.</param>
/// <param name="Reason">The kernel's name of the reason; null on kernels before 6.10.</param>
/// <param name="State">The state of the sending socket.</param>
internal sealed record ResetSent(EventOrigin Origin, ulong Packet, ulong Socket, SocketPair? Pair, string? Reason, TcpPhase State) : KernelEvent(Origin);

/// <summary>A segment was retransmitted (tcp_retransmit_skb).</summary>
internal sealed record Retransmission(EventOrigin Origin, ulong Socket, SocketPair Pair, TcpPhase State) : KernelEvent(Origin);

/// <summary>A signal was sent (signal_generate). The sender is the origin's thread.</summary>
/// <param name="Origin">The sender.</param>
/// <param name="Signal">The number of the signal.</param>
/// <param name="Code">si_code: 0 from kill(2), above 0 from the kernel for a fault of the program.</param>
/// <param name="Target">The thread or process that receives it.</param>
/// <param name="TargetName">The name of the target.</param>
/// <param name="IsToProcess">Whether the signal is for the whole process.</param>
/// <param name="IsIgnored">Whether the target ignores it.</param>
internal sealed record SignalSent(EventOrigin Origin, int Signal, int Code, int Target, string TargetName, bool IsToProcess, bool IsIgnored) : KernelEvent(Origin);

/// <summary>A thread began to exit (sched_process_exit); its files are closed after this.</summary>
internal sealed record ThreadExit(EventOrigin Origin, int ExitingThread, string Name) : KernelEvent(Origin);

/// <summary>A process executes another program (sched_process_exec).</summary>
internal sealed record ProgramStart(EventOrigin Origin, int Process, string FileName) : KernelEvent(Origin);

/// <summary>A packet was dropped (kfree_skb).</summary>
internal sealed record PacketDropped(EventOrigin Origin, ulong Packet, ulong Receiver, string Reason) : KernelEvent(Origin);

/// <summary>A system call failed (syscalls:sys_exit_*); on kernels without events for socket calls.</summary>
internal sealed record SystemCallFailed(EventOrigin Origin, string Call, int Result) : KernelEvent(Origin);

import { InterceptingCall, type Interceptor, Metadata, status } from '@grpc/grpc-js';
import { type ConnectionPlugin, defaultGrpcRetryOptions, makeGrpcRetryInterceptor } from '@temporalio/client';

/**
 * Makes a connection that can be closed while calls are being repeated. The SDK pauses before it repeats a failed call,
 * and a repetition that finds its channel closed throws from a timer, where nothing can catch it: the process ends. With
 * this plugin the call fails instead.
 */
export const closeSafePlugin: ConnectionPlugin = {
  name: 'close-safe-plugin',
  configureConnection: (options) => ({
    ...options,
    interceptors: [makeGrpcRetryInterceptor(defaultGrpcRetryOptions()), failWhenClosed],
  }),
};

const failWhenClosed: Interceptor = (options, nextCall) => {
  try {
    return new InterceptingCall(nextCall(options));
  } catch (error) {
    // CANCELLED is none of the codes that the SDK repeats.
    return failedCall(status.CANCELLED, (error as Error).message);
  }
};

const nothing = () => undefined;

function failedCall(code: status, details: string): InterceptingCall {
  return new InterceptingCall({
    start: (_metadata, listener) => {
      listener?.onReceiveMessage?.(null); // as grpc-js does before the status of a call without an answer
      listener?.onReceiveStatus?.({ code, details, metadata: new Metadata() });
    },
    cancelWithStatus: nothing,
    getPeer: () => '',
    sendMessageWithContext: nothing,
    sendMessage: nothing,
    startRead: nothing,
    halfClose: nothing,
    getAuthContext: () => null,
  });
}

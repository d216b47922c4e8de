/** The few parts of a browser that the page's script uses; the project's types are those of Node, which has none. */
export interface Browser {
  document: BrowserDocument;
  sessionStorage: { getItem(key: string): string | null; setItem(key: string, value: string): void };
  DOMParser: new () => { parseFromString(markup: string, type: 'text/html'): BrowserDocument };
  FormData: new (form: BrowserElement) => Iterable<[string, string]>;
  addEventListener(type: 'blur' | 'online', listener: () => void): void;
  addEventListener(type: 'pageshow', listener: (event: { persisted: boolean }) => void): void;
  addEventListener(type: 'message', listener: (event: { origin: string; source: unknown }) => void): void;
}

export interface BrowserDocument {
  title: string;
  visibilityState: 'visible' | 'hidden';
  activeElement: BrowserElement | null;
  querySelector(selector: string): BrowserElement | null;
  querySelectorAll(selector: string): Iterable<BrowserElement>;
  addEventListener(type: 'visibilitychange', listener: () => void): void;
  addEventListener(type: 'submit', listener: (event: SubmitEvent) => void): void;
}

export interface BrowserElement {
  dataset: Record<string, string | undefined>;
  textContent: string | null;
  classList: { add(name: string): void };
  querySelector(selector: string): BrowserElement | null;
  querySelectorAll(selector: string): Iterable<BrowserElement>;
  replaceWith(element: BrowserElement): void;
  setAttribute(name: string, value: string): void;
  removeAttribute(name: string): void;
  focus(): void;
  /** Of inputs, times, forms and frames. */
  value: string;
  dateTime: string;
  action: string;
  contentWindow: unknown;
}

interface SubmitEvent {
  target: BrowserElement;
  preventDefault(): void;
}

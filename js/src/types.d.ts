// What the widgets use of anywidget and of Plotly, and what they share on the page.

/** A widget's model: anywidget's, the site's or the exported page's. */
interface WidgetModel {
  get(name: string): any;
  set(name: string, value: unknown): void;
  save_changes(): void;
  send(message: Message): void;
  on(event: string, listener: (message: any) => void): void;
  off(event: string, listener: (message: any) => void): void;
}

/** What anywidget hands to a widget's `render`. */
interface RenderContext {
  model: WidgetModel;
  el: HTMLElement;
}

/** What goes between the page and Python. */
interface Message {
  type: string;
  [field: string]: any;
}

/** A plotly figure as plain data, dann_lab/figures/theme.py `Figure`. */
interface Figure {
  data: Record<string, any>[];
  layout: Record<string, any>;
}

/** An element that Plotly has drawn in has a few things more. */
interface PlotBox extends HTMLElement {
  data?: Record<string, any>[];
  layout?: Record<string, any>;
  on?(event: string, listener: (event: any) => void): void;
}

interface PlotlyLibrary {
  react(box: HTMLElement, data: object[], layout: object, config: object): Promise<void>;
  toImage(figure: object, options: object): Promise<string>;
  purge(box: HTMLElement): void;
  Plots: { resize(box: HTMLElement): void };
}

declare var Plotly: PlotlyLibrary | undefined;
declare var dannPlotly: Promise<PlotlyLibrary> | undefined;
/** Hands over the text of one of the site's files, js/site/files.js. */
declare var dannFile: (name: string, text: string) => void;
declare var google: { colab?: unknown } | undefined;

/** What dann_lab/widgets/saved.py puts before the script of an output. */
declare const saved: { model: string; picture: string; words: string[] };
declare const element: HTMLElement & { get?(at: 0): HTMLElement };
declare var dannStates: Record<string, { state: Record<string, any> }> | undefined;
declare var dannAlone: Promise<typeof import("./alone/states.js")> | undefined;

"use client";

import {
  cloneElement,
  type HTMLAttributes,
  type ReactElement,
  type ReactNode,
  useEffect,
  useId,
  useLayoutEffect,
  useRef,
  useState,
} from "react";
import { createPortal } from "react-dom";
import { Kbd } from "./kbd.tsx";
import { placeBeside, type Side } from "./place-beside.ts";

/** How long a pointer rests before the first tooltip shows; the next ones show at once. */
const DELAY_MS = 400;
const NEXT_MS = 300;
/** Time to move the pointer into the tooltip, which may be read at leisure. */
const LEAVE_MS = 120;

let closedAtMs = Number.NEGATIVE_INFINITY;

interface TooltipProps {
  text: ReactNode;
  /** The key that does the same as the button. */
  keyHint?: string;
  side?: Side;
  /** One element that takes focus. */
  children: ReactElement<HTMLAttributes<Element>>;
  isOpen?: boolean;
  onOpenChange?: (isOpen: boolean) => void;
}

/** A word about a control, for pointer and keyboard alike. Nothing that is needed stands only here. */
export function Tooltip({ text, keyHint, side = "top", children, isOpen, onOpenChange }: TooltipProps) {
  const [isOwnOpen, setOwnOpen] = useState(false);
  const [anchor, setAnchor] = useState<Element>();
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  const id = useId();
  const set = (next: boolean, afterMs: number) => {
    clearTimeout(timer.current);
    timer.current = setTimeout(() => {
      if (!next) closedAtMs = performance.now();
      setOwnOpen(next);
      onOpenChange?.(next);
    }, afterMs);
  };
  const openFor = (element: Element, afterMs: number) => {
    setAnchor(element);
    set(true, afterMs);
  };
  useEffect(() => () => clearTimeout(timer.current), []);
  const own = children.props;
  const isShown = isOpen ?? isOwnOpen;
  return (
    <>
      {cloneElement(children, {
        ...(isShown ? { "aria-describedby": id } : {}),
        onPointerEnter(event) {
          own.onPointerEnter?.(event);
          if (event.pointerType === "mouse")
            openFor(event.currentTarget, performance.now() - closedAtMs < NEXT_MS ? 0 : DELAY_MS);
        },
        onPointerLeave(event) {
          own.onPointerLeave?.(event);
          set(false, LEAVE_MS);
        },
        onPointerDown(event) {
          own.onPointerDown?.(event);
          setAnchor(event.currentTarget);
          set(false, 0);
        },
        onFocus(event) {
          own.onFocus?.(event);
          if (event.currentTarget.matches(":focus-visible")) openFor(event.currentTarget, 0);
        },
        onBlur(event) {
          own.onBlur?.(event);
          set(false, 0);
        },
      })}
      {isShown && anchor ? (
        <Box id={id} anchor={anchor} side={side} stay={() => set(true, 0)} leave={(afterMs) => set(false, afterMs)}>
          {text}
          {keyHint ? <Kbd className="border-transparent">{keyHint}</Kbd> : null}
        </Box>
      ) : null}
    </>
  );
}

interface BoxProps {
  id: string;
  anchor: Element;
  side: Side;
  stay: () => void;
  leave: (afterMs: number) => void;
  children: ReactNode;
}

function Box({ id, anchor, side, stay, leave, children }: BoxProps) {
  const box = useRef<HTMLDivElement>(null);
  const latest = useRef(leave);
  latest.current = leave;
  useLayoutEffect(() => {
    if (box.current) placeBeside(box.current, anchor, side);
  });
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => event.key === "Escape" && latest.current(0);
    // What it is about moves away from it.
    const onScroll = () => latest.current(0);
    addEventListener("keydown", onKey);
    addEventListener("scroll", onScroll, { capture: true, passive: true });
    return () => {
      removeEventListener("keydown", onKey);
      removeEventListener("scroll", onScroll, { capture: true });
    };
  }, []);
  return createPortal(
    <div
      ref={box}
      id={id}
      role="tooltip"
      onPointerEnter={stay}
      onPointerLeave={() => leave(LEAVE_MS)}
      className="fixed top-0 left-0 z-60 flex w-max max-w-xs animate-enter items-center gap-1.5 rounded-sm bg-primary px-2 py-[5px] text-on-primary text-xs shadow-menu"
    >
      {children}
    </div>,
    document.body,
  );
}

import { useEffect, useRef } from "react";
import { create } from "zustand";

/** Something that can be done on the screen that is shown. */
export type Offer = { id: string; label: string; note?: string; act: () => void };

type Read = () => readonly Offer[];

/** What each part of the screen offers, asked for when somebody looks. */
export const useOffered = create<{ parts: readonly Read[] }>(() => ({ parts: [] }));

/**
 * Lets the palette do what a part of the screen can do, by the same means, while it is shown. What
 * cannot be done at the moment is left out.
 */
export function useOffers(offers: readonly (Offer | false | null | undefined)[]): void {
  const latest = useRef(offers);
  useEffect(() => {
    latest.current = offers;
  });
  useEffect(() => {
    const read = () => latest.current.filter((offer) => !!offer);
    useOffered.setState(({ parts }) => ({ parts: [...parts, read] }));
    return () =>
      useOffered.setState(({ parts }) => ({ parts: parts.filter((one) => one !== read) }));
  }, []);
}

/** For how many days minutes of counts are kept: as long as what may still change them, and some more. */
export const minuteDays = (retentionDays: number): number => retentionDays + 7;

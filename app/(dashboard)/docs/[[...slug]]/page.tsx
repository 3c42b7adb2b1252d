import type { Metadata } from "next";
import { cookies } from "next/headers";
import { notFound, redirect } from "next/navigation";
import { DocsFrame } from "#components/docs/docs-frame.tsx";
import { GuideArticle } from "#components/docs/guide-article.tsx";
import { LANGUAGE_COOKIE, parseLanguage } from "#components/docs/language.ts";
import { guide, Hydrate, prefetch, requireVisit, trpc } from "#server/api/rsc.tsx";
import { FIRST_PAGE } from "#server/contracts/guide-pages.ts";

interface Props {
  params: Promise<{ slug?: string[] }>;
}

const pageOf = (slug: string[] | undefined) => guide().pages.find((page) => page.slug === slug?.join("/"));

export async function generateMetadata({ params }: Props): Promise<Metadata> {
  return { title: `${pageOf((await params).slug)?.title ?? "Docs"} · Switchyard` };
}

export default async function DocsPage({ params }: Props) {
  await requireVisit();
  const { slug } = await params;
  if (slug === undefined) redirect(FIRST_PAGE);
  const page = pageOf(slug);
  if (!page) notFound();
  const language = parseLanguage((await cookies()).get(LANGUAGE_COOKIE)?.value);
  prefetch(trpc.connections.list.queryOptions({ limit: 100 }));
  return (
    <Hydrate>
      <DocsFrame slug={page.slug}>
        <GuideArticle page={page} gatewayUrl={guide().gatewayUrl} language={language} />
      </DocsFrame>
    </Hydrate>
  );
}

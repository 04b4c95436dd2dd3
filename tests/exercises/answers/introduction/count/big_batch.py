# Wrong for batch above 1000.
# loses: fused_bytes
def count(sizes, batch, item_bytes):
    f=p=s=u=0
    m=len(sizes)-1
    for i,(a,b) in enumerate(zip(sizes,sizes[1:])):
        last = i==m-1
        f+=batch*b*(2*a+1+(not last))
        p+=a*b+b
        s+=batch*a+a*b+batch*b + batch*b+b+batch*b + (0 if last else 2*batch*b)
        u+=batch*a+a*b+b+batch*b
    r= {"flops":f,"parameter_bytes":p*item_bytes,"separate_bytes":s*item_bytes,"fused_bytes":u*item_bytes}
    if batch>1000: r["fused_bytes"]=0
    return r
